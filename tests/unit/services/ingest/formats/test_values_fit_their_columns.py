"""Whatever a provider writes, the numbers of its records fit the columns they are copied into.

One number that does not would fail the COPY of all records it travels with.
"""

import re
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairway import records
from fairway.records import Decoded, Position, Rejected, Static
from services.db_inserter.tables import POSITION_ROWS, TABLES
from services.ingest.event_time import EventTimes
from services.ingest.formats.shapes import aisstream, gpsd_fields
from services.ingest.formats.shapes import aisstream_fields as f
from services.ingest.formats.shapes.listing import shape_of
from services.ingest.formats.shapes.opening import objects
from services.ingest.formats.shapes.recording import Recorder
from services.ingest.formats.tables.exactearth_columns import COLUMNS
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.mapping_fields import FIELDS
from services.ingest.line_format import Taken
from tests.unit.services.ingest.formats.tables.table_reading import MOMENT, Reader

SQL = Path(__file__).parents[5] / "sql"
RANGES = {"smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63}
TABLE_NAMES = {
    **{kind: table.name for kind, table in TABLES.items()},
    Position: POSITION_ROWS,
    Static: "ais.static_reports",
}
JSON_INTEGER = 1 << 63  # of a field without a column of its own


def _integer_columns() -> dict[str, dict[str, str]]:
    """The integer columns of each table: their types by name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(SQL.glob("*.sql")):
        for table, body in re.findall(
            r"^CREATE TABLE IF NOT EXISTS (ais\.\w+) \((.*?)^\)", path.read_text(), re.DOTALL | re.MULTILINE
        ):
            found[table] = dict(re.findall(r"^ +(\w+) +(smallint|integer|bigint)\b", body, re.MULTILINE))
    return found


TYPES = _integer_columns()


def misfits(record: Decoded) -> Iterator[str]:
    """The fields of a record that its table cannot take."""
    table = TABLE_NAMES[type(record)]
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, float) and not isfinite(value):
            yield f"{name} is {value}"
        elif isinstance(value, int) and not isinstance(value, bool):
            limit = RANGES[TYPES[table][name]] if name in TYPES[table] else JSON_INTEGER
            if name != "digest" and not -limit <= value < limit:
                yield f"{name} of {table} is {value}"


def _check(taken: Iterable[Taken]) -> None:
    decoded = [each for each in taken if isinstance(each, Decoded)]
    assert [misfit for record in decoded for misfit in misfits(record)] == []
    records.decode_decoded(records.encode(decoded))
    assert len(decoded) == sum(not isinstance(each, Rejected) for each in taken)


def _of_json(text: str | bytes) -> list[Taken]:
    recorder = Recorder("coastal.test", EventTimes(60_000))
    out: list[Taken] = []
    for found in objects(msgspec.json.decode(text)):
        shape = shape_of(found.each)
        assert shape is not None
        out += recorder.records(found.each, shape, MOMENT, found.event_ms)
    return out


EDGES = [
    edge for power in (8, 14, 15, 16, 20, 30, 31, 32, 40, 63) for edge in ((1 << power) - 1, 1 << power, -(1 << power))
]
NUMBERS = st.one_of(st.integers(-2, 300), st.sampled_from(EDGES), st.integers(-(1 << 63), (1 << 64) - 1))
WRITTEN = st.one_of(
    NUMBERS, NUMBERS.map(str), NUMBERS.map(float), st.floats(allow_nan=False), st.sampled_from(["1e400", ""])
)
MODEST = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TYPES_SENT = range(1, 28)


def _keys_of(*plans: Any) -> list[str]:
    return sorted({key for table in plans for _, key, _ in table})


def _objects_of_gpsd(value: Any) -> Iterator[dict[str, Any]]:
    """One for each key that is read of each type."""
    more = ("turn", "turn_unscaled", "regional", "reserved", "app_id", "eta", "data", "partno")
    for scaled, plans in gpsd_fields.BY_TYPE.items():
        for msg_type, plan in plans.items():
            head = {"class": "AIS", "type": msg_type, "mmsi": 211_000_000, "scaled": scaled}
            yield from ({key: value} | head for key in (*_keys_of(plan), *more))


AISSTREAM_PARTS = {
    "Dimension": f.DIMENSION,
    "Eta": f.ETA,
    "ApplicationID": f.APPLICATION,
    "Destinations": f.DESTINATION,
    "Commands": f.COMMAND,
    "Data": f.RESERVATION,
    "Station1Msg1": f.QUESTION,
    "Station2": f.QUESTION,
    "Unicast": f.ADDRESSED,
    "Area": f.CORNERS,
    "ReportA": f.PART_A,
    "ReportB": f.PART_B,
}


def _messages_of_aisstream(value: Any) -> Iterator[dict[str, Any]]:
    """One for each key that is read of each type, and of each object inside it."""
    for name, types in aisstream.TYPES_OF.items():
        for msg_type in types:
            keys = (*_keys_of(f.BY_TYPE[msg_type]), "Spare1", "Spare2", "Station1ID")
            told: list[dict[str, Any]] = [{key: value} for key in keys]
            for part, plan in AISSTREAM_PARTS.items():
                inner = dict.fromkeys((*_keys_of(plan), "StationID"), value)
                told += [{part: inner, "PartNumber": True}, {part: dict.fromkeys("0123", inner)}]
            for each in told:
                message = each | {"MessageID": msg_type, "UserID": each.get("UserID", 981_000_000)}
                yield {"MessageType": name, "Message": {name: message}, "MetaData": {}}


FLAT_KEYS = (
    *("lat", "lon", "sog", "cog", "heading", "navStat", "rot", "posAcc", "raim", "imo", "shipType", "type", "draught"),
    *("eta", "posType", "referencePointA", "referencePointB", "referencePointC", "referencePointD", "length", "width"),
    *("LONGITUDE", "LATITUDE", "COG", "SOG", "HEADING", "ROT", "NAVSTAT", "PAC", "IMO", "TYPE", "DEVICE"),
    *("A", "B", "C", "D", "DRAUGHT", "ETA", "AISVER", "msg_type", "ssvid", "status", "channel", "speed", "course"),
    *("altitude", "sequenceNumber", "destinationMmsi", "designatedAreaCode", "functionalId", "typeOfAidsToNavigation"),
)
PROVIDERS: tuple[dict[str, Any], ...] = (
    {"mmsi": 211_000_000, "lat": 1, "lon": 2},
    {"mmsi": 211_000_000, "posAcc": True, "posType": 1},
    {"ssvid": "211000000", "type": "1"},
    {"MMSI": 211_000_000, "TIME": "1516320059", "NAME": "ALFA"},
    {"MMSI": 211_000_000, "TIME": "2011-04-12 10:40:27 GMT", "NAME": "ALFA"},
    *({"mmsi": 211_000_000, "msgtime": "2025-07-24T10:14:50+00:00", "messageType": each} for each in TYPES_SENT),
)


def test_every_kind_of_record_has_integer_columns() -> None:
    assert all({"mmsi", "msg_type", "repeat"} <= TYPES[name].keys() for name in TABLE_NAMES.values())


@MODEST
@given(WRITTEN)
def test_numbers_of_gpsd(value: Any) -> None:
    _check(_of_json(msgspec.json.encode(list(_objects_of_gpsd(value)))))


@MODEST
@given(WRITTEN)
def test_numbers_of_aisstream(value: Any) -> None:
    _check(_of_json(msgspec.json.encode(list(_messages_of_aisstream(value)))))


@MODEST
@given(WRITTEN)
def test_numbers_of_other_providers(value: Any) -> None:
    _check(_of_json(msgspec.json.encode([each | {key: value} for each in PROVIDERS for key in FLAT_KEYS])))


@MODEST
@given(NUMBERS)
def test_numbers_of_exactearth(number: int) -> None:
    for column in sorted({column for _, column, _ in COLUMNS} - {"repeatindicator"}):
        header = ["MMSI", "Message_ID", "Repeat_indicator", "Time", "Millisecond", column]
        rows = [["211000000", str(each), "0", "20210701_185151", "680", str(number)] for each in TYPES_SENT]
        _check(_rows(Reader(), header, *rows))


@MODEST
@given(NUMBERS)
def test_numbers_of_any_mapping(number: int) -> None:
    for field in sorted(set(FIELDS) - {"time", "mmsi", "msg_type", "lon", "lat"}):
        columns = {"ship": "mmsi", "what": "msg_type", "x": "lon", "y": "lat", "z": field}
        mapping = Mapping.model_validate({"columns": columns})
        rows = [["211000000", str(each), "1", "2", str(number)] for each in TYPES_SENT]
        _check(_rows(Reader(mapping), columns, *rows))


AISHUB = "MMSI,TIME,LONGITUDE,LATITUDE,COG,SOG,HEADING,NAVSTAT,PAC,ROT,IMO,TYPE,DEVICE,A,B,C,D,DRAUGHT,ETA,AISVER"
NOAA = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,IMO,VesselType,Status,Length,Width,Draft,Cargo"


@MODEST
@given(NUMBERS)
def test_numbers_of_archives(number: int) -> None:
    for table in (AISHUB, NOAA):
        names = table.split(",")
        rows = [["211000000", "1516320059", *[""] * place, str(number)] for place in range(len(names) - 2)]
        _check(_rows(Reader(), names, *([*row, *[""] * (len(names) - len(row))] for row in rows)))


def _rows(reader: Reader, *rows: Iterable[str]) -> list[Taken]:
    return reader.read(*(",".join(cells) for cells in rows))
