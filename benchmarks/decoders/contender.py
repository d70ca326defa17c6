"""What every decoder does here: read a file into memory, decode it against the clock, and print one JSON line.

It is decoded twice and the faster time counts: libraries make tables at first use.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

TURNS = 2

Decode = Callable[[bytes], tuple[int, int]]  # the bytes of a file to messages decoded, and messages refused


def count(messages: Iterable[Any], make: Callable[[Any], object]) -> tuple[int, int]:
    """How many messages `make` makes something of, and how many are refused."""
    decoded = refused = 0
    for message in messages:
        try:
            make(message)
            decoded += 1
        except Exception:  # what a library refuses is counted, whatever it raises
            refused += 1
    return decoded, refused


def compete(library: str, decode: Decode) -> None:
    """Decode the file on the command line; prints CPU seconds, counts and the library's version."""
    data = Path(sys.argv[1]).read_bytes()
    seconds = float("inf")
    for _turn in range(TURNS):
        began = time.process_time()
        decoded, refused = decode(data)
        seconds = min(seconds, time.process_time() - began)
    result = {"seconds": seconds, "decoded": decoded, "refused": refused, "version": version(library)}
    print(json.dumps(result))
