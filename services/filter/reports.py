"""A batch of decoded records as columns: what the rules judge.

A row holds what rules ask of nearly every record. The rest of a record, its names and texts, is decoded for the few rows of which
a rule wants to know it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from fairway import clock
from fairway.records import DECODED_KINDS, AnyDecoded, Decoded, kind_of

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

_PLAIN = np.dtype(f"V{ROW.itemsize}")

_TIME, _KIND = "event_time", "kind"
_WHOLE = [name for name in ROW.names or () if ROW[name].kind == "i" and name not in (_TIME, _KIND)]
_NULLS = {name: np.nan if ROW[name].kind == "f" else NOTHING for name in ROW.names or ()}
_MOST = {
    name: (1 << 40) - 1 if ROW[name].itemsize == 8 else 63 if name == "msg_type" else np.iinfo(ROW[name]).max
    for name in _WHOLE
}
_KIND_NUMBERS = {kind: number for number, kind in enumerate(DECODED_KINDS)}
_to_ms = lru_cache(maxsize=4096)(clock.to_ms)  # most stamps are whole seconds, each shared by many records


@dataclass(frozen=True)
class Reports:
    """Records in the order in which they came. `record` gives the whole record of a row."""

    rows: NDArray[np.void]
    record: Callable[[int], AnyDecoded]

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, places: Places) -> NDArray[np.void]:
        """Some rows. As plain bytes: numpy would copy them field by field."""
        if len(places) == len(self.rows):
            return self.rows  # places are in order, each once
        return self.rows.view(_PLAIN).take(places).view(ROW)

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


def of_records(records: Sequence[AnyDecoded]) -> Reports:
    """The records as columns. Raises ValueError when an event_time is not of Fairway's form."""
    rows = np.zeros(len(records), ROW)
    rows[_TIME] = [_to_ms(record.event_time) for record in records]
    rows[_KIND] = [_KIND_NUMBERS[type(record)] for record in records]
    for name, null in _NULLS.items():
        if name not in (_TIME, _KIND):
            rows[name] = [_value(record, name, null) for record in records]
    return Reports(rows, records.__getitem__)


def _value(record: Decoded, name: str, null: float) -> float:
    value = getattr(record, name, None)
    # A stranger's record may say anything; what no field can be is as good as unknown.
    return null if value is None or (name in _MOST and not 0 <= value <= _MOST[name]) else value
