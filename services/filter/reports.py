"""A batch of decoded records as columns: what the rules judge.

A row holds what rules ask of nearly every record, and such other members as an expression names. The rest of a record is decoded
for the few rows of which a rule wants to know it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from fairway import clock
from fairway.columns import NO_TEXT, Texts
from fairway.records import DECODED_KINDS, AnyDecoded, Decoded, kind_of
from services.filter.rows import Rows, rows_at

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]  # of rows
Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]

# Null is NaN in a real number and NOTHING in a whole one: no field that is read here can be below zero.
NOTHING = -1
ROW = np.dtype(
    [
        ("event_time", np.int64),  # milliseconds since 1970 UTC
        ("digest", np.int64),
        ("mmsi", np.int64),
        ("lon", np.float64),
        ("lat", np.float64),
        ("sog", np.float64),
        ("cog", np.float64),
        ("heading", np.int16),
        ("nav_status", np.int16),
        ("msg_type", np.int16),
        ("fix_type", np.int16),
        ("accuracy", np.int8),
        ("kind", np.int8),  # place in DECODED_KINDS
    ]
)
POSITION, STATIC, BASE_STATION, ATON, SAR_AIRCRAFT, SAFETY, BINARY, OTHER = range(len(DECODED_KINDS))
KIND_NAMES = tuple(map(kind_of, DECODED_KINDS))

# First three digits of the MMSI, ITU-R M.585: AIS-SART, man overboard, EPIRB-AIS; and 111 for search-and-rescue aircraft.
RESCUE_PREFIXES = (970, 972, 974, 111)
SAR_AIRCRAFT_TYPE = 9
AIS_SART_ACTIVE = 14  # nav_status, ITU-R M.1371

# Members that are times of our form; in a row they are milliseconds since 1970 UTC.
TIMES = ("event_time", "received_at", "eta", "utc_time")
NO_TIME = np.iinfo(np.int64).min

FALSE_UNLESS_SAID = ("own_ship", "low_resolution")

_KIND = "kind"
_KIND_NUMBERS = {kind: number for number, kind in enumerate(DECODED_KINDS)}
_FORMS: dict[type, type[np.generic]] = {int: np.int64, float: np.float64, bool: np.int8, str: np.int32}
_to_ms = lru_cache(maxsize=4096)(clock.to_ms)  # most stamps are whole seconds, each shared by many records


def _types() -> dict[str, type]:
    """The plain type of each member that records of any kind have; it is the same in all of them."""
    types: dict[str, type] = {}
    for kind in DECODED_KINDS:
        for name, hint in get_type_hints(kind).items():
            plain = next(each for each in (*get_args(hint), hint) if each is not type(None))
            if isinstance(plain, type) and plain in _FORMS:
                types[name] = plain
    return types


TYPES = _types()


def form_of(more: Collection[str] = ()) -> np.dtype[np.void]:
    """The type of rows that hold these members besides those of ROW."""
    fields = [
        (name, np.int64 if name in TIMES else _FORMS[TYPES[name]]) for name in sorted({*more} - {*(ROW.names or ())})
    ]
    return np.dtype([*((name, ROW[name]) for name in ROW.names or ()), *fields])


def nulls_of(form: np.dtype[np.void]) -> Rows:
    """A row that says nothing."""
    return np.array([tuple(_null_of(name, form) for name in form.names or ())], form)


def _null_of(name: str, form: np.dtype[np.void]) -> float:
    if name in (ROW.fields or ()):
        return np.nan if ROW[name].kind == "f" else NOTHING
    if name in FALSE_UNLESS_SAID:
        return 0
    is_text = TYPES[name] is str and name not in TIMES
    return np.nan if form[name].kind == "f" else NO_TEXT if is_text else np.iinfo(form[name]).min


def _most_of(name: str) -> int:
    return 63 if name == "msg_type" else min(np.iinfo(ROW[name]).max, (1 << 40) - 1)


_MOST = {name: _most_of(name) for name in ROW.names or () if ROW[name].kind == "i" and name not in (*TIMES, _KIND)}


@dataclass(frozen=True)
class Reports:
    """Records in the order in which they came. `record` gives the whole record of a row."""

    rows: Rows
    record: Callable[[int], AnyDecoded]
    texts: Texts = field(default_factory=Texts)  # of columns of texts

    def __len__(self) -> int:
        return len(self.rows)

    def null_of(self, name: str) -> float:
        """What stands for null in a column."""
        return _null_of(name, self.rows.dtype)

    def of(self, places: Places) -> Rows:
        """Some rows, which are in order, each once."""
        return self.rows if len(places) == len(self.rows) else rows_at(self.rows, places)

    @cached_property
    def flags(self) -> NDArray[np.int16]:
        """What rules have marked so far: bits of fairway.flags, to be changed in place."""
        return np.zeros(len(self.rows), np.int16)

    @cached_property
    def are_rescue(self) -> Flags:
        """Which a distress beacon or a search-and-rescue aircraft sent: thinning and plausibility never touch those."""
        rows = self.rows
        prefixes = rows["mmsi"] // 1_000_000
        found: Flags = (rows["kind"] == SAR_AIRCRAFT) | (rows["msg_type"] == SAR_AIRCRAFT_TYPE)
        found |= (rows["kind"] == POSITION) & (rows["nav_status"] == AIS_SART_ACTIVE)
        for prefix in RESCUE_PREFIXES:
            found |= prefixes == prefix
        return found


def of_records(records: Sequence[AnyDecoded], form: np.dtype[np.void] = ROW, texts: Texts | None = None) -> Reports:
    """The records as columns. Raises ValueError when an event_time is not of Fairway's form."""
    texts = Texts() if texts is None else texts
    rows = np.zeros(len(records), form)
    nulls = nulls_of(form)
    for name in form.names or ():
        if name == _KIND:
            rows[name] = [_KIND_NUMBERS[type(record)] for record in records]
        else:
            rows[name] = [_value(record, name, nulls[name][0], texts) for record in records]
    return Reports(rows, records.__getitem__, texts)


def forget_strange_numbers(rows: Rows) -> None:
    """A stranger's record may say anything; what no field can be is as good as unknown."""
    for name, most in _MOST.items():
        column = rows[name]
        strange = (column > most) | (column < NOTHING)
        if strange.any():
            column[strange] = NOTHING


def _value(record: Decoded, name: str, null: Any, texts: Texts) -> Any:
    value = getattr(record, name, None)
    if value is None or (name in _MOST and not 0 <= value <= _MOST[name]):
        return null
    if name in TIMES:
        return _to_ms(value)
    return texts.number(value) if isinstance(value, str) else value
