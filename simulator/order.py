"""What the user asked for, checked before anything starts."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from simulator.errors import BadOption
from simulator.fleet import DEFAULT_STATIONS, MAX_VESSELS
from simulator.sentences import TagUnit
from simulator.sinks.destination import is_file, is_socket

DEFAULT_DESTINATION = "udp://127.0.0.1:10110"  # 10110 is registered for NMEA 0183
DEFAULT_START = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that the same command writes the same file
STATION = re.compile(r"[A-Za-z0-9_.:-]{1,15}")  # NMEA 4.10 gives a tag block's source 15 characters


class Clock(StrEnum):
    """Live: messages carry the time they are sent. Simulated: start and the intervals of the standard."""

    LIVE = "live"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Order:
    """`rate` is messages per second, 0 as fast as possible, None the natural rate if live; times in seconds."""

    to: str = DEFAULT_DESTINATION
    vessels: int = 200
    rate: float | None = None
    count: int | None = None
    duration: float | None = None
    seed: int = 1
    start: datetime | None = None
    tag_blocks: bool = True
    tag_unit: TagUnit = "ms"
    stations: tuple[str, ...] = DEFAULT_STATIONS
    truth: Path | None = None
    clock: Clock | None = None
    lines_per_datagram: int | None = None

    @property
    def is_live(self) -> bool:
        """Sockets are live, files and pipes are not, unless the order says otherwise."""
        return is_socket(self.to) if self.clock is None else self.clock is Clock.LIVE

    def check(self) -> None:
        """Raises BadOption with one sentence about the first value that cannot be."""
        _check_range("--vessels", self.vessels, 1, MAX_VESSELS)
        _check_range("--rate", self.rate, 0, 1_000_000)
        _check_range("--count", self.count, 1, math.inf)
        _check_range("--lines-per-datagram", self.lines_per_datagram, 1, 100)
        if self.duration is not None and not 0 < self.duration < 1e9:
            raise BadOption(f"--duration must be more than 0 seconds, not {self.duration:g}.")
        for station in self.stations:
            if not STATION.fullmatch(station):
                raise BadOption(f"--station {station!r} must be 1 to 15 letters, digits, or any of _ . : -")
        self._check_clock()

    def _check_clock(self) -> None:
        if self.start is not None and self.is_live:
            raise BadOption("--start needs --clock simulated: a live message carries the time it is sent.")
        if is_file(self.to) and self.count is None and self.duration is None and not self.rate and not self.is_live:
            raise BadOption("a file needs --count or --duration, or it would fill the disk.")


def _check_range(option: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        limits = f"{low} or more" if high == math.inf else f"{low} to {high}"
        raise BadOption(f"{option} must be {limits}, not {value:g}.")
