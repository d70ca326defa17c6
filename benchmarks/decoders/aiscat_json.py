"""aiscat, the C++ of AIS-catcher under Python: a line of JSON a message, which Python never looks into."""

from importlib import import_module
from typing import Any

from benchmarks.decoders.contender import compete

aiscat: Any = import_module("aiscat")  # has no types, and is not installed everywhere


def decode(data: bytes) -> tuple[int, int]:
    return sum(1 for _message in aiscat.iter_decode([data], format="json")), 0


if __name__ == "__main__":
    compete("aiscat", decode)
