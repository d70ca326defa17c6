"""Memory that was freed is used again."""

import os
import platform
import subprocess
import sys

import pytest

COUNT_FAULTS = """
import resource, sys
from fairway import heap
if sys.argv[1] == "kept":
    assert heap.keep_freed_memory()
def batch():
    return [b"x" * (1 << 20) for _ in range(20)]
batch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    batch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(what: str) -> int:
    return int(subprocess.check_output([sys.executable, "-c", COUNT_FAULTS, what]))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the options are glibc's")
@pytest.mark.skipif("libasan" in os.environ.get("LD_PRELOAD", ""), reason="the address sanitizer has a heap of its own")
def test_large_pieces_cost_no_new_pages_each_time() -> None:
    assert page_faults("kept") * 5 < page_faults("given back")
