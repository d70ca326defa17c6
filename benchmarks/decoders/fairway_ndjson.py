"""Fairway to lines of JSON: checksums verified, messages joined and timed, decoded, written."""

from benchmarks.decoders.contender import compete
from benchmarks.framed import BATCH_LINES, framed
from fairway import heap
from services.decoder.batches import decode_rows


def decode(data: bytes) -> tuple[int, int]:
    decoded = refused = 0
    for taken in framed(data.splitlines(), BATCH_LINES):
        made = decode_rows(taken)
        decoded += made.records
        refused += len(made.rejected)
    return decoded, refused


if __name__ == "__main__":
    heap.keep_freed_memory()  # as each of our processes does
    compete("fairway", decode)
