"""What was said is what is stored, field by field."""

import json
from datetime import datetime
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from psycopg2.extensions import connection as Connection

from fairway.clock import to_text
from fairway.records import DECODED_KINDS, Binary, Decoded, Other, Position, Static, kind_of
from services.db_inserter.stage import Inserter
from services.db_inserter.tables import NOT_STORED, STATIC_FIELDS_OF_POSITION, TABLES
from tests.integration.db_inserter.queries import SLOW, empty, query, value
from tests.integration.db_inserter.reports import ENVELOPE, filtered, static

TIME_FIELDS = {"event_time", "received_at", "eta", "utc_time"}

RANGES = {"mmsi": 1_073_741_823, "radio": 524_287, "imo": 999_999_999, "vendor_serial": 1_048_575, "bits": 100_000}


def some_text() -> st.SearchStrategy[str]:
    awkward = st.sampled_from(["None", "\\N", "\\.", "A\tB", "A\nB", "\r", 'it\'s "so"', "{}", "Ærø", "😀", ""])
    return st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12) | awkward


def values_of(name: str, hint: object) -> st.SearchStrategy[Any]:
    """Values that a field may have, by its name and type."""
    if "dict" in str(hint):
        return st.dictionaries(some_text(), json_values(), max_size=3)
    if name in TIME_FIELDS:
        return st.integers(946_684_800_000, 1_800_000_000_000).map(to_text)
    if name in ("lon", "lat", "ne_lon", "ne_lat", "sw_lon", "sw_lat"):
        return st.floats(-90, 90, allow_nan=False)
    if "float" in str(hint):
        return st.integers(-7200, 7200).map(lambda tenths: tenths / 10)
    if "bool" in str(hint):
        return st.booleans()
    if "int" in str(hint):
        return st.integers(0, RANGES.get(name, 1_073_741_823 if "mmsi" in name else 511))
    return some_text()


def json_values() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers(-1_000_000, 1_000_000) | some_text()
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(some_text(), inner, max_size=2)
    )


def any_record(kind: type[Decoded]) -> st.SearchStrategy[Decoded]:
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for name, hint in get_type_hints(kind).items():
        if name in kind.__struct_fields__:
            given_value = values_of(name, hint)
            fields[name] = given_value | st.none() if "None" in str(hint) else given_value
    if kind is Position:
        fields |= dict.fromkeys(STATIC_FIELDS_OF_POSITION, st.none())
    fields["event_time"] = st.integers(0, 86_399_999).map(lambda ms: to_text(1_767_312_000_000 + ms))
    return st.builds(kind, **fields)


def order(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def read_back(db: Connection, kind: type[Decoded]) -> list[dict[str, Any]]:
    """What the kind's table holds, each row as the record's fields."""
    if kind is Position:
        names = [name for name in Position.__struct_fields__ if name not in {*NOT_STORED, *STATIC_FIELDS_OF_POSITION}]
        rows = query(db, f"SELECT {', '.join(names)}, st_x(geom), st_y(geom) FROM ais.positions")
        assert all(row[-2:] == (row[names.index("lon")], row[names.index("lat")]) for row in rows)
        return [dict(zip(names, row, strict=False)) for row in rows]
    table = TABLES[kind]
    plain = [name for name in table.columns if name != "geom"]
    located = "geom" in table.columns
    columns = [*plain, *(("st_x(geom)", "st_y(geom)") if located else ())]
    names = [*plain, *(("lon", "lat") if located else ())]
    rows = [dict(zip(names, row, strict=True)) for row in query(db, f"SELECT {', '.join(columns)} FROM {table.name}")]
    return [row.pop("fields", {}) | row for row in rows]


def expected(record: Decoded) -> dict[str, Any]:
    """The record's fields as a row holds them."""
    skip = {*NOT_STORED, *(STATIC_FIELDS_OF_POSITION if isinstance(record, Position) else ())}
    fields = {name: getattr(record, name) for name in record.__struct_fields__ if name not in skip}
    if "lon" in fields and (fields["lon"] is None or fields["lat"] is None):
        fields |= {"lon": None, "lat": None}
    if isinstance(record, Position) and fields["lon"] is not None:
        fields |= {name: round(fields[name] * 1e7) / 1e7 for name in ("lon", "lat")}
    if isinstance(record, Other):
        fields = {name: v for name, v in fields.items() if v is not None or name in TABLES[Other].columns}
    return {name: as_stored(name, v) for name, v in fields.items()}


def as_stored(name: str, v: Any) -> Any:
    return datetime.fromisoformat(v) if name in TIME_FIELDS and v is not None else v


@pytest.mark.parametrize("kind", [kind for kind in DECODED_KINDS if kind is not Static], ids=kind_of)
@SLOW
@given(data=st.data())
def test_every_field_of_every_kind_is_read_back(
    db: Connection, inserter: Inserter, kind: type[Decoded], data: st.DataObject
) -> None:
    empty(db)
    batch = data.draw(st.lists(any_record(kind), min_size=1, max_size=5))
    inserter.handle([filtered(*batch)])
    assert sorted(read_back(db, kind), key=order) == sorted(map(expected, batch), key=order)


@SLOW
@given(report=any_record(Static))
def test_every_field_of_static_data_is_read_back(db: Connection, inserter: Inserter, report: Static) -> None:
    empty(db)
    inserter.handle([filtered(report)])
    fields = [name for name in Static.__struct_fields__ if name not in {*NOT_STORED, "event_time"}]
    (row,) = query(db, f"SELECT first_time, last_time, reports, {', '.join(fields)} FROM ais.static_reports")
    time = as_stored("event_time", report.event_time)
    assert row == (time, time, 1, *(as_stored(name, getattr(report, name)) for name in fields))


def test_an_applications_content_can_be_asked_for_by_name(db: Connection, inserter: Inserter) -> None:
    content = {"wind_speed_knots": 12, "areas": [{"kind": "circle"}], "text": 'it\'s "so"\\ \0', "None": None}
    report = Binary(**ENVELOPE, mmsi=2190047, msg_type=8, dac=1, fid=31, application="meteo", content=content)
    inserter.handle([filtered(report, replace(report, content=None))])
    assert query(
        db,
        "SELECT content->>'wind_speed_knots', content#>>'{areas,0,kind}', content->>'text' FROM ais.binary_messages"
        " WHERE content IS NOT NULL AND application = 'meteo'",
    ) == [("12", "circle", 'it\'s "so"\\ ')]
    assert value(db, "SELECT count(*) FROM ais.binary_messages") == 2


def test_the_nul_character_which_postgresql_cannot_hold_is_left_out(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(static(name="AN\0NA"))])
    assert value(db, "SELECT name FROM ais.vessels") == "ANNA"
