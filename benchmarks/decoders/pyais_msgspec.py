"""pyais to a line of JSON a message, its dictionary encoded by msgspec: the fastest way that we know."""

from typing import Any

import msgspec
from pyais.stream import IterMessages

from benchmarks.decoders.contender import compete, count


def decode(data: bytes) -> tuple[int, int]:
    encode = msgspec.json.Encoder(enc_hook=_plain).encode
    return count(IterMessages(data.splitlines()), lambda message: encode(message.decode().asdict(enum_as_int=True)))


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, float) else str(value)


if __name__ == "__main__":
    compete("pyais", decode)
