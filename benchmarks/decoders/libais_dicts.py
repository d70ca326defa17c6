"""libais, whose C++ decodes payloads to dictionaries; the least of Python around it that joins messages of several parts.

Checksums are not looked at, which libais leaves to its caller.
"""

from importlib import import_module
from typing import Any

from benchmarks.decoders.contender import compete

ais: Any = import_module("ais")  # has no types, and is not installed everywhere


def decode(data: bytes) -> tuple[int, int]:
    decoded = refused = 0
    waiting: dict[tuple[str, str, str], str] = {}
    to_dict, error = ais.decode, ais.DecodeError
    for line in data.decode("latin-1").splitlines():
        fields = line.split(",")
        if len(fields) < 7:
            continue
        _head, total, number, sequence, channel, payload, end = fields[:7]
        if total != "1":
            payload = waiting.pop((total, sequence, channel), "") + payload
            if number != total:
                waiting[total, sequence, channel] = payload
                continue
        try:
            to_dict(payload, int(end[0]))
            decoded += 1
        except error:
            refused += 1
    return decoded, refused


if __name__ == "__main__":
    compete("libais", decode)
