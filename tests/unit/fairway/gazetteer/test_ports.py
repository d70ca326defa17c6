"""Rows become ports by the names of their columns; what cannot is counted by reason and costs the others nothing."""

import gzip
import json
from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.gazetteer.ports import NO_COUNTRY, NO_LOCODE, NO_NAME, NO_PLACE, Port, read_ports

COUNTRIES = {"netherlands": "NL", "norway": "NO"}
ROTTERDAM = Port("NLRTM", "Rotterdam", "NL", 4.5, 51.9)


def table(folder: Path, *lines: str, name: str = "ports.csv") -> Path:
    path = folder / name
    text = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


@pytest.mark.parametrize("name", ["ports.csv", "ports.csv.gz"])
@pytest.mark.parametrize(
    ("lines", "port"),
    [
        (("locode,name,country,lon,lat", "NLRTM,Rotterdam,NL,4.5,51.9"), ROTTERDAM),
        (("\ufefflat,lon,Name,extra", "51.9, 4.5 ,Rotterdam,x"), Port(None, "Rotterdam", None, 4.5, 51.9)),
        (
            (
                "Main Port Name,UN/LOCODE,Country Code,Latitude,Longitude",
                "Rotterdam,NL RTM,Netherlands,51.9,4.5",
            ),
            ROTTERDAM,
        ),
    ],
)
def test_a_row_is_a_port_whichever_names_its_columns_have(
    tmp_path: Path, lines: tuple[str, ...], port: Port, name: str
) -> None:
    found = read_ports(table(tmp_path, *lines, name=name), COUNTRIES)
    assert found.places == [port]
    assert not found.left_out


def test_geojson_points_are_ports(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [4.5, 51.9, 3]}
    features = [
        {"type": "Feature", "properties": {"locode": "NLRTM", "name": "Rotterdam"}, "geometry": point},
        {"type": "Feature", "properties": {"name": "Nowhere", "lon": 1, "lat": 2}, "geometry": None},
        {
            "type": "Feature",
            "properties": {"name": "Line"},
            "geometry": {"type": "LineString", "coordinates": [[1, 2]]},
        },
        {"type": "Feature", "properties": {"name": "Short"}, "geometry": {"type": "Point", "coordinates": [1]}},
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    found = read_ports(table(tmp_path, text, name="ports.geojson"), COUNTRIES)
    assert found.places == [ROTTERDAM]
    assert dict(found.left_out) == {NO_PLACE: 3}


@pytest.mark.parametrize(
    ("locode", "country", "expected"),
    [
        ("NLRTM", "", ("NLRTM", "NL")),
        ("nl rtm", "nl", ("NLRTM", "NL")),
        ("", "NORWAY", (None, "NO")),
        ("GCBSG", "Norway", ("GCBSG", "NO")),
        ("", "", (None, None)),
        ("", "Atlantis", (None, None)),
        ('NLRT""', "NL", (None, "NL")),
        ("NLRT1", "", (None, None)),
    ],
)
def test_a_country_is_a_code_or_a_name_or_that_of_the_locode(
    tmp_path: Path, locode: str, country: str, expected: tuple[str | None, str | None]
) -> None:
    quoted = locode.replace('"', '""')
    path = table(tmp_path, "name,lon,lat,locode,country", f'X,1,2,"{quoted}",{country}')
    found = read_ports(path, COUNTRIES)
    [port] = found.places
    assert (port.locode, port.country) == expected
    remarks = {NO_LOCODE: int(bool(locode) and port.locode is None), NO_COUNTRY: int(port.country is None)}
    assert dict(found.remarks) == {reason: count for reason, count in remarks.items() if count}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (" ,1,2", NO_NAME),
        ("A,,2", NO_PLACE),
        ("A,1", NO_PLACE),
        ("A,181,2", NO_PLACE),
        ("A,1,-90.1", NO_PLACE),
        ("A,nan,2", NO_PLACE),
        ("A,1°E,2", NO_PLACE),
    ],
)
def test_a_bad_row_is_counted_and_the_others_are_there(tmp_path: Path, row: str, reason: str) -> None:
    found = read_ports(table(tmp_path, "name,lon,lat", "First,1,2", row, "Last,180,-90"), COUNTRIES)
    assert [port.name for port in found.places] == ["First", "Last"]
    assert dict(found.left_out) == {reason: 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,lon\nA,1", "has no column lat or latitude"),
        (b"name;lon;lat\nA;1;2", "has no column name or main port name"),
        (b"", "has no column name"),
        (b"name,lon,lat\n\xff,1,2", "is not a table in UTF-8"),
        (b'name,lon,lat\n"' + b"x" * 200_000 + b'",1,2', "is not a table with commas"),
    ],
)
def test_what_is_no_table_of_ports_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "ports.csv"
    path.write_bytes(content)
    with pytest.raises(BadSetting, match=said):
        read_ports(path, COUNTRIES)


@pytest.mark.parametrize(
    "content", [b"name,lon,lat", gzip.compress(b"name,lon,lat", mtime=0)[:-9]], ids=["plain", "cut short"]
)
def test_a_file_that_is_not_gzipped_whole_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ports.csv.gz"
    path.write_bytes(content)
    with pytest.raises(BadSetting, match=r"gzipped when its name ends with \.gz"):
        read_ports(path, COUNTRIES)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read: No such file"):
        read_ports(tmp_path / "ports.csv", COUNTRIES)
