"""Writes what was really sent, one JSON object per message, so that a test can compare what arrived."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from simulator.traffic import Sent


class TruthLog(Protocol):
    """Where the truth about each message goes."""

    def write(self, first: int, burst: Sequence[Sent]) -> None:
        """Notes messages that were sent; `first` is the number of the first, counted from 1."""

    def close(self) -> None:
        """Everything noted is safe after this."""


class NoTruth:
    """Forgets the truth."""

    def write(self, first: int, burst: Sequence[Sent]) -> None:
        pass

    def close(self) -> None:
        pass


class TruthFile:
    """NDJSON: `seq` from 1, who and when, how many sentences, then the values sent; null is not available."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._encode = msgspec.json.Encoder().encode

    def write(self, first: int, burst: Sequence[Sent]) -> None:
        for number, sent in enumerate(burst, first):
            self._file.write(self._encode(truth_of(number, sent)) + b"\n")

    def close(self) -> None:
        self._file.close()


def truth_of(number: int, sent: Sent) -> dict[str, object]:
    """One message as a flat object."""
    return {
        "seq": number,
        "msg_type": sent.msg_type,
        "mmsi": sent.mmsi,
        "event_time": rfc3339(sent.event_time),
        "station": sent.station,
        "sentences": len(sent.sentences),
        **sent.truth,
    }


def rfc3339(time: datetime) -> str:
    """A time in UTC with exactly three digits of milliseconds: `2026-01-02T03:04:05.678Z`."""
    return f"{time.isoformat(timespec='milliseconds')[:-6]}Z"
