"""What the C library does with memory that was freed: by its defaults much of a batch's memory is new each time.

A batch is a few megabytes of arrays and bytes, made and freed again and again. glibc gives such pieces back to the kernel at
once and asks for them anew, and each page so got costs a fault and the zeroing of it: half the time of some steps.
"""

import ctypes

# mallopt(3)
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
KEPT = {
    M_MMAP_THRESHOLD: 32 << 20,  # bytes; the most that is allowed. Larger pieces still come from the kernel
    M_TRIM_THRESHOLD: 64 << 20,  # bytes that may lie free at the heap's end
    M_ARENA_MAX: 1,  # threads share one heap: Python's lock lets one of them work at a time
}


def keep_freed_memory() -> bool:
    """Reuse freed memory, up to some tens of megabytes, instead of giving it back.

    False where the C library has no such options, which is no harm.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return {mallopt(option, value) for option, value in KEPT.items()} == {1}
