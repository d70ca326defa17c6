"""exactEarth's wide CSV: one AIS message a row, of any type, 128 columns or more.

MMSI,Message_ID,Repeat_indicator,Time,Millisecond,Region,Country,Base_station,…,Navigational_status,ROT,SOG,Accuracy,…
432905000,1,0,20210701_185151,680,66,,,,None,,,[28],,,,,,,,,,,,0,0.0,13.6,0,-103.63687,8.87747666667,314.8,315.0,,0,0,,2249,…

Message_ID is the message type and says which columns hold something. Draught is in 1/10 m, text may be padded, None is
not available. ROT is in degrees a minute, where ±10.0 stands for raw ±127: it turns, without a turn indicator.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from fairway.calendar import station_clock
from fairway.clock import ms_of
from fairway.records import Aton, BaseStation, Decoded
from services.ingest.formats import values
from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.cells import Convert, whole
from services.ingest.formats.tables.exactearth_columns import COLUMNS
from services.ingest.formats.tables.kinds import BY_MESSAGE, SHIP
from services.ingest.formats.tables.layout import Layout, Reading

_SELECTOR = "communicationflag"
_SIGNS = {"mmsi", "messageid", "time", "millisecond", "repeatindicator"}


def layout(names: Collection[str]) -> Layout | None:
    """How such a table is read, or None when it is another one."""
    if not set(names) >= _SIGNS:
        return None
    readings = tuple(_reading(*column, names) for column in COLUMNS if column[1] in names)
    return Layout(
        "exactearth",
        Reading("mmsi", ("mmsi",), q.mmsi),
        Reading("time", ("time", "millisecond"), _time),
        readings,
        SHIP,
        "messageid",
        BY_MESSAGE,
        is_closed=True,
        combine=_combine,
        combined=frozenset(["utc_time", "name"]),
    )


def _reading(field: str, column: str, convert: Convert, names: Collection[str]) -> Reading:
    if field == "radio" and _SELECTOR in names:
        return Reading(field, (column, _SELECTOR), _radio)
    return Reading(field, (column,), convert)


def _radio(text: str) -> int | None:
    """393222 1: the state of types 9, 18 and 26 with the selector flag that is sent before it."""
    state, _, selector = text.partition(" ")
    bits = whole(state)
    if not 0 <= bits <= values.most("radio"):
        return None
    return bits | 1 << 19 if selector and q.flag(selector) else bits


def _time(text: str) -> int:
    """20210701_185151 680"""
    second, _, millisecond = text.partition(" ")
    return ms_of(datetime.strptime(second, "%Y%m%d_%H%M%S")) + (whole(millisecond) if millisecond else 0)


def _combine(record: type[Decoded], fields: dict[str, Any], event_time: str) -> None:
    """A station's clock, an aid's name and its extension."""
    if record is BaseStation:
        fields["utc_time"] = station_clock(fields)
    if record is Aton:
        extension = fields.pop("name.extension", None)
        fields["name"] = (fields.get("name") or "") + (extension or "") or None
