"""Six-bit text and calendar times as columns of JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from fairway import clock
from services.decoder.cells import Columns, Piece, Span, table, unless
from services.decoder.fields import Field
from services.decoder.payload_columns import Mask, Numbers

_AT, _SPACE = 0, 32  # six-bit
_CHARACTERS = [chr(number + 64 if number < 32 else number) for number in range(64)]
_ESCAPES = {'"': '\\"', "\\": "\\\\"}
_JSON = np.array([_ESCAPES.get(character, character).encode() for character in _CHARACTERS] + [b""], "S2").view(
    np.uint16
)
_NO_CHARACTER = 64


@dataclass(frozen=True)
class Text:
    """Six-bit text, each of its spans ended by its first @, without spaces at the end of the whole."""

    spans: tuple[Span, ...]  # offset in bits and characters
    around: Piece  # what stands before, what stands behind, nothing

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        parts = [columns.payloads.text(*span) for span in self.spans]
        six = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        kept = np.concatenate([~np.logical_or.accumulate(part == _AT, axis=1) for part in parts], axis=1)
        places = np.arange(1, six.shape[1] + 1, dtype=np.uint8)
        ends = ((kept & (six != _SPACE)) * places).max(axis=1)
        kept &= places <= ends[:, None]
        empty = ends == 0
        yield self.around[unless(empty, np.zeros(len(six), np.int64), 2)]
        yield _voids(_JSON[np.where(kept, six, _NO_CHARACTER)])
        yield self.around[unless(empty, np.ones(len(six), np.int64), 2)]


def text_cell(name: str, *spans: Span) -> Text:
    """The cell of a text that stands in `spans`, one behind the other."""
    return Text(spans, table([f',"{name}":"'.encode(), b'"', b""]))


@dataclass(frozen=True)
class StationClock:
    """A base station's time from year, month, day, hour, minute, second; nothing unless all are known."""

    parts: tuple[Field, ...]

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        numbers = [columns.payloads.number(part.offset, part.width) for part in self.parts]
        year, month, day, hour, minute, second = numbers
        known = _all_known(self.parts, numbers)
        known &= _days(year, month, day)[1]
        return _time_pieces("utc_time", ~known, year, month, day, hour, minute, second)


@dataclass(frozen=True)
class Eta:
    """An ETA from month, day, hour, minute, in the year that puts it nearest to the event (fairway.calendar)."""

    parts: tuple[Field, ...]

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        numbers = [columns.payloads.number(part.offset, part.width) for part in self.parts]
        month, day, hour, minute = numbers
        envelopes = columns.envelopes
        events = np.array([_event(envelopes[row]) for row in columns.payloads.rows], np.int64).reshape(-1, 2)
        years = events[:, 1] + np.array([[0], [1], [-1]])
        days, exist = _days(years, month, day)
        distance = np.abs((days * 1440 + hour * 60 + minute) * 60_000 - events[:, 0])
        distance[~exist] = np.iinfo(np.int64).max
        nearest = distance.argmin(axis=0)  # the first of those that are as near
        here = np.arange(len(month))
        known = _all_known(self.parts, numbers) & exist[nearest, here] & (events[:, 1] != _NO_YEAR)
        return _time_pieces("eta", ~known, years[nearest, here], month, day, hour, minute, np.zeros_like(month))


_NO_YEAR = 1 << 20


@lru_cache(maxsize=4096)
def _event(envelope: bytes) -> tuple[int, int]:
    """The milliseconds and the year of an envelope's event_time."""
    text = msgspec.json.decode(b"{" + envelope + b"}")["event_time"]
    try:
        return clock.to_ms(text), int(text[:4])
    except ValueError:
        return 0, _NO_YEAR


def _all_known(parts: tuple[Field, ...], numbers: list[Numbers]) -> Mask:
    known = np.ones(len(numbers[0]), np.bool_)
    for part, number in zip(parts, numbers, strict=True):
        known &= ~_meaningless(part)[number]
    return known


@lru_cache(maxsize=64)
def _meaningless(part: Field) -> Mask:
    return np.array([part.means_nothing(raw) for raw in range(1 << part.width)])


def _days(year: Numbers, month: Numbers, day: Numbers) -> tuple[Numbers, Mask]:
    """Days since 1970, and where the calendar has such a day."""
    months = ((year - 1970) * 12 + month - 1).astype("M8[M]")
    days = months.astype("M8[D]") + (day - 1)
    exist = (days.astype("M8[M]") == months) & (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12)
    return days.astype(np.int64), exist


def _time_pieces(
    name: str,
    hidden: Mask,
    year: Numbers,
    month: Numbers,
    day: Numbers,
    hour: Numbers,
    minute: Numbers,
    second: Numbers,
) -> Iterator[Piece]:
    yield _name(name)[hidden.astype(np.int64)]
    yield _years()[np.where(hidden, 10_000, year)]
    yield _dates()[np.where(hidden, 512, month << 5 | day)]
    yield _hours()[np.where(hidden, 2048, hour << 6 | minute)]
    yield _seconds()[np.where(hidden, 64, second)]


@lru_cache(maxsize=4)
def _name(name: str) -> Piece:
    return table([f',"{name}":"'.encode(), b""])


@lru_cache(maxsize=1)
def _years() -> Piece:
    return table([b"%04d" % year for year in range(10_000)] + [b""])


@lru_cache(maxsize=1)
def _dates() -> Piece:
    return table([b"-%02d-%02d" % divmod(index, 32) for index in range(512)] + [b""])


@lru_cache(maxsize=1)
def _hours() -> Piece:
    return table([b"T%02d:%02d" % divmod(index, 64) for index in range(2048)] + [b""])


@lru_cache(maxsize=1)
def _seconds() -> Piece:
    return table([b':%02d.000Z"' % second for second in range(64)] + [b""])


def _voids(cells: NDArray[np.uint16]) -> Piece:
    return np.ascontiguousarray(cells).view(f"V{cells.shape[1] * 2}").reshape(-1)
