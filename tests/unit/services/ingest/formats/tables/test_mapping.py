import subprocess
import sys
from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.records import Aton, BaseStation
from services.ingest.formats.tables import mapping
from tests.unit.services.ingest.formats.tables.table_reading import Reader, position, read, rejected, static

SUEZ = """
columns: {ID: mmsi, longitude: lon, latitude: lat, speed: {field: sog, unit: m/s}, boat: name}
time: {columns: [ais_pos_timestamp], format: "%d/%m/%Y %H:%M"}
constants: {station: suez}
"""
HEADER = "\ufeffID;ais_pos_timestamp;longitude;latitude;speed;boat"


def test_the_sample_in_the_documentation_works() -> None:
    sample = str(mapping.__doc__).split("\n\n")[1]
    found = read(
        HEADER, "353136000;20/03/2021 00:22;32.32925;31.4386;6.5;EVER GIVEN", mapping=mapping.parse(sample, "suez.yaml")
    )
    where = position(found)
    assert (where.mmsi, where.lon, where.sog, where.station) == (353136000, 32.32925, 12.6, "suez")
    assert where.event_time == "2021-03-20T00:22:00.000Z"
    assert static(found).name == "EVER GIVEN"


def test_a_mapped_table_has_bad_rows_too() -> None:
    assert rejected(read(HEADER, "1;March;32.3;31.4;6.5;", mapping=mapping.parse(SUEZ, "m"))).reason == "bad_time"


def test_without_a_header_the_order_names_the_columns() -> None:
    text = """
columns: {ship: mmsi, x: {field: lon, unit: 1/600000 degree}, y: {field: lat, unit: radians}, kmh: {field: sog, unit: km/h}}
time: {columns: [day, clock], format: "%d.%m.%Y %H:%M:%S"}
header: no
order: [day, clock, ship, x, y, kmh]
delimiter: ";"
"""
    reader = Reader(mapping.parse(text, "m"))
    row = "11.12.2020;10:09:08;219000001;6000000;0.9599310886;18.52"
    assert reader.table.begins(row.encode())
    found = position(reader.read(row))
    assert (found.lon, found.lat, found.sog, found.event_time) == (10.0, 55.0, 10.0, "2020-12-11T10:09:08.000Z")


def test_without_a_time_rows_are_dated_by_their_receipt() -> None:
    found = position(
        read(
            "boat,east,north",
            "219000001,10,55",
            mapping=mapping.parse("columns: {boat: mmsi, east: lon, north: lat}", "m"),
        )
    )
    assert (found.event_time, found.time_source) == ("2026-06-01T00:00:00.000Z", "received")


def test_equal_rows_without_a_time_all_count() -> None:
    reader = Reader(mapping.parse("columns: {boat: mmsi, east: lon, north: lat}", "m"))
    assert len(reader.read("boat,east,north", "219000001,10,55", "219000001,10,55")) == 2


def test_constants_say_what_no_column_says() -> None:
    text = "columns: {x: lon, y: lat}\nconstants: {mmsi: 2190064, msg_type: 4}"
    (found,) = read("x,y", "10,55", mapping=mapping.parse(text, "m"))
    assert isinstance(found, BaseStation)
    assert (found.mmsi, found.msg_type, found.lon) == (2190064, 4, 10.0)


def test_numbers_may_have_a_decimal_comma_and_texts_keep_theirs() -> None:
    text = "columns: {ship: mmsi, x: lon, y: lat, v: {field: sog, unit: km/h}, n: name}\ntime: at\ndecimal: ','"
    found = read(
        "ship;x;y;v;n;at", "211000001;10,5;-55,25;18,52;A, B;2023-02-01 12:30:00", mapping=mapping.parse(text, "m")
    )
    assert (position(found).lon, position(found).lat, position(found).sog) == (10.5, -55.25, 10.0)
    assert (static(found).name, static(found).event_time) == ("A, B", "2023-02-01T12:30:00.000Z")


def test_a_kind_may_be_said() -> None:
    text = "columns: {buoy: mmsi, x: lon, y: lat, title: name, sort: aton_type}\nkind: aton"
    (found,) = read("buoy,x,y,title,sort", "992191234,10,55,TIDE,25", mapping=mapping.parse(text, "m"))
    assert isinstance(found, Aton)
    assert (found.name, found.aton_type) == ("TIDE", 25)


def test_known_tables_are_known_beside_a_mapping() -> None:
    found = read("mmsi,timestamp,lon,lat", "219000001,1717200000,10,55", mapping=mapping.parse(SUEZ, "m"))
    assert position(found).mmsi == 219000001


@pytest.mark.parametrize("unit", ["epoch_s", "epoch_ms", "epoch_us", "epoch_ns"])
def test_epochs_of_every_unit(unit: str) -> None:
    digits = {"epoch_s": 0, "epoch_ms": 3, "epoch_us": 6, "epoch_ns": 9}[unit]
    text = f"columns: {{a: mmsi, x: lon, y: lat}}\ntime: {{columns: [t], format: {unit}}}"
    found = position(read("a,x,y,t", f"219000001,10,55,1334072103{'0' * digits}", mapping=mapping.parse(text, "m")))
    assert found.event_time == "2012-04-10T15:35:03.000Z"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns: {ID: mmsi, x: lng}", "lng is not a field; did you mean lon?"),
        (
            "columns: {ID: mmsi, x: {field: lon, unit: metres}, y: lat}",
            "metres is not a unit of lon; did you mean degrees?",
        ),
        ("columns: {ID: mmsi, n: {field: name, unit: m}}", "m is not a unit of name; there are no units"),
        ("columns: {a: name}", "no column and no constant is mmsi"),
        ("columns: {ID: mmsi, x: lon}", "of lon and lat there is only one"),
        ("columns: {ID: mmsi}\ncolmns: 3", "colmns is not an option; did you mean columns?"),
        ("columns: {ID: {fild: mmsi}}", "columns.ID.fild is not an option; did you mean field?"),
        (
            "columns: {ID: mmsi}\ntime: {columns: [t], format: epoc_s}",
            "epoc_s is not a form of time; did you mean epoch_s?",
        ),
        ("columns: {ID: mmsi}\nheader: no", "`order` goes with `header: no`, and lists all columns"),
        ("columns: {ID: mmsi}\nheader: no\norder: [a, b]", "ID is not in `order`"),
        ("columns: {ID: mmsi}\nconstants: {msg_type: 99}", "the constant msg_type cannot be 99"),
        ("columns: {ID: mmsi, t: time}", "put the time under `time:`"),
        ("columns: [", "is not YAML"),
        ("[]", "must begin with `columns:`"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(BadSetting) as error:
        mapping.parse(text, "boats.yaml")
    assert words in str(error.value)
    assert "boats.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_is_loaded_and_a_missing_one_named(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(SUEZ)
    assert mapping.load(tmp_path / "m.yaml") == mapping.parse(SUEZ, "m")
    with pytest.raises(BadSetting, match=r"none\.yaml cannot be read: No such file"):
        mapping.load(tmp_path / "none.yaml")


def test_the_repr_is_the_same_in_every_process() -> None:
    code = f"from services.ingest.formats.tables import mapping; print(repr(mapping.parse({SUEZ!r}, 'm')))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.strip() == repr(mapping.parse(SUEZ, "m"))
