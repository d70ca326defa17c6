"""pyais to a line of JSON a message, its dictionary encoded by msgspec: the fastest way that we know."""

from typing import Any

import msgspec
from pyais.stream import IterMessages

from benchmarks.decoders.contender import compete


def decode(data: bytes) -> tuple[int, int]:
    encode = msgspec.json.Encoder(enc_hook=_plain).encode
    decoded = refused = 0
    for message in IterMessages(data.splitlines()):
        try:
            encode(message.decode().asdict(enum_as_int=True))
            decoded += 1
        except Exception:  # what a library refuses is counted, whatever it raises
            refused += 1
    return decoded, refused


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, float) else str(value)


if __name__ == "__main__":
    compete("pyais", decode)
