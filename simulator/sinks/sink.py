"""What every destination of sentences can do."""

from collections.abc import Sequence
from typing import Protocol

from simulator.stopping import Stop

LINE_END = b"\r\n"  # NMEA 0183 ends sentences with both


class Sink(Protocol):
    """Takes sentences without line ends and delivers them in order; may raise Unreachable."""

    def wait_until_ready(self, stop: Stop) -> None:
        """Returns when somebody can hear, or when `stop()` says so."""

    def send(self, sentences: Sequence[bytes]) -> None:
        """Takes whole messages; they may stay in a buffer until `flush`."""

    def flush(self) -> None:
        """Sends what is buffered."""

    def close(self) -> None:
        """Sends what is buffered and lets go."""


def lines_of(sentences: Sequence[bytes]) -> bytes:
    """Every sentence with its line end."""
    return LINE_END.join(sentences) + LINE_END if sentences else b""
