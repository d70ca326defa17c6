"""`fairway export` as an analyst types it: every format is read back, and what goes wrong is one sentence."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shapely
from psycopg2.extensions import connection as Connection

from fairway import cli, database
from fairway.export import subjects
from fairway.export.asked import Asked
from fairway.export.reading import CURSOR, Reader
from services.db_inserter.stage import Inserter
from tests.integration import cookbook
from tests.integration.db_inserter.queries import query, value
from tests.integration.logins import login_url

SPAN = ("--from", "2026-01-02", "--to", "2026-01-03")
ASTRID = 219000001
SHIPS = {mmsi: cookbook.SHIPS[mmsi] for mmsi in range(ASTRID, ASTRID + 5)}
POSITIONS = 25 + 25 + 25 + 22 + 20 + 1  # of these, and one that is no fix
GPX = {"g": "http://www.topografix.com/GPX/1/1"}
KML = {"k": "http://www.opengis.net/kml/2.2", "gx": "http://www.google.com/kml/ext/2.2"}
MANY = 25_000

Fairway = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def analyst_url(migrated_url: str) -> str:
    """The analyst's URL of a database that holds five ships of the cookbook."""
    with (
        closing(database.connect(migrated_url)) as owner,
        closing(Inserter(migrated_url, ledger_days=14, partition_days_ahead=1)) as inserter,
    ):
        cookbook.fill(owner, inserter, SHIPS)
    with closing(database.connect(migrated_url)) as owner, owner:
        query(owner, "UPDATE ais.vessels SET name = 'A<&>\"B' WHERE mmsi = %s", ASTRID)
    return login_url(migrated_url, "analyst")


@pytest.fixture
def owner(migrated_url: str) -> Iterator[Connection]:
    with closing(database.connect(migrated_url)) as connection:
        connection.autocommit = True
        yield connection


@pytest.fixture
def fairway(
    analyst_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Fairway]:
    """Runs `fairway export …` in an empty folder; its exit status and what it says."""
    monkeypatch.setenv("FAIRWAY_DATABASE_URL", analyst_url)
    monkeypatch.setenv("FAIRWAY_STATE_DIR", str(tmp_path / "state"))
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    before = signal.getsignal(signal.SIGTERM)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["fairway", "export", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        return code if isinstance(code, int) else 0, capfd.readouterr().err

    yield run
    signal.signal(signal.SIGTERM, before)
    assert not list(folder.glob("*.part"))


def rows_of(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_positions_as_csv_are_those_of_the_view(fairway: Fairway, owner: Connection) -> None:
    assert fairway("positions", "out.csv", *SPAN) == (0, f"wrote {POSITIONS} rows of positions to out.csv\n")
    rows = rows_of("out.csv")
    columns = [
        name
        for (name,) in query(
            owner,
            "SELECT attname FROM pg_attribute WHERE attnum > 0 AND attrelid = 'ais.position_reports'::regclass ORDER BY attnum",
        )
    ]
    assert list(rows[0]) == [name for name in columns if name != "geom"]
    [row] = [row for row in rows if (row["mmsi"], row["event_time"]) == (str(ASTRID), "2026-01-02T10:10:00.000Z")]
    said = {name: text for name, text in row.items() if text}
    assert said == {
        "event_time": "2026-01-02T10:10:00.000Z",
        "received_at": "2026-01-02T10:10:00.800Z",
        "mmsi": str(ASTRID),
        "sog": "5.1",
        "msg_type": "1",
        "nav_status": "0",
        "own_ship": "false",
        "lon": "10.625",
        "lat": "55.3",
        "time_source": "tag_block",
        "source": "coastal.belt",
        "low_resolution": "false",
        "ais_class": "A",
        "country": "Denmark",
        "nav_status_text": row["nav_status_text"],
    }


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (
            ("--from", "2026-01-02T11:00Z", "--to", "2026-01-02T12:00+00:00"),
            "event_time >= '2026-01-02 11:00+00' AND event_time < '2026-01-02 12:00+00'",
        ),
        (("--from", "2000-01-01"), "true"),
        (("--from", "2026-01-03"), "false"),
        ((*SPAN, "--mmsi", "219000001,219000004"), "mmsi IN (219000001, 219000004)"),
        ((*SPAN, "--mmsi", "219000001", "--mmsi", "219000004"), "mmsi IN (219000001, 219000004)"),
        ((*SPAN, "--bbox", "10.5,55,11,55.3"), "lon BETWEEN 10.5 AND 11 AND lat BETWEEN 55 AND 55.3"),
        ((*SPAN, "--bbox", "11,55,10.6,56"), "(lon >= 11 OR lon <= 10.6) AND lat BETWEEN 55 AND 56"),
        ((*SPAN, "--source", "coastal.belt"), "true"),
        ((*SPAN, "--source", "coastal.%"), "false"),
    ],
)  # fmt: skip
def test_only_what_is_asked_for_is_written(
    fairway: Fairway, owner: Connection, options: tuple[str, ...], where: str
) -> None:
    assert fairway("positions", "out.csv", *options)[0] == 0
    wanted = query(
        owner, f"SELECT mmsi::text, extract(epoch FROM event_time)::float8 FROM ais.position_reports WHERE {where}"
    )
    found = [(row["mmsi"], datetime.fromisoformat(row["event_time"]).timestamp()) for row in rows_of("out.csv")]
    assert sorted(found) == sorted(wanted)


def test_a_limit_holds_over_days(fairway: Fairway) -> None:
    for limit in (1, 30, 1000):
        fairway("positions", "out.csv", "--from", "2026-01-01", "--limit", str(limit))
        assert len(rows_of("out.csv")) == min(limit, POSITIONS)


def test_geojson_is_a_collection_or_a_feature_a_line(fairway: Fairway) -> None:
    fairway("positions", "out.geojson", *SPAN)
    fairway("positions", "out.ndjson", *SPAN)
    collection = json.loads(Path("out.geojson").read_text())
    features = [json.loads(line) for line in Path("out.ndjson").read_text().splitlines()]
    assert (collection["type"], collection["features"]) == ("FeatureCollection", features)
    assert len(features) == POSITIONS
    assert all(feature["geometry"]["type"] == "Point" for feature in features)
    assert features[0]["properties"].keys() >= {"mmsi", "event_time", "sog"}
    assert features[0]["properties"]["cog"] is None


@pytest.mark.parametrize("ending", ["geojson", "csv", "parquet", "ndjson"])
def test_an_export_of_nothing_is_a_whole_file(fairway: Fairway, ending: str) -> None:
    assert fairway("positions", f"out.{ending}", "--from", "2026-01-05")[0] == 0
    match ending:
        case "geojson":
            assert json.loads(Path("out.geojson").read_text()) == {"type": "FeatureCollection", "features": []}
        case "csv":
            assert Path("out.csv").read_text().startswith("event_time,received_at,mmsi,")
        case "parquet":
            assert pq.read_table("out.parquet").num_rows == 0
        case _:
            assert Path("out.ndjson").read_text() == ""


def test_geoparquet_says_where_and_of_which_types(fairway: Fairway, owner: Connection) -> None:
    fairway("positions", "out.parquet", *SPAN)
    file = pq.ParquetFile("out.parquet")
    geo = json.loads(file.metadata.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    box = value(
        owner,
        "SELECT array_agg(x) FROM (SELECT unnest(ARRAY[min(lon), min(lat), max(lon), max(lat)]) AS x FROM ais.positions) AS b",
    )
    assert geo["columns"]["geometry"] == {"encoding": "WKB", "geometry_types": ["Point"], "bbox": box}
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    rows = file.read().to_pylist()
    found = {
        (row["mmsi"], row["event_time"], shapely.from_wkb(row["geometry"]).coords[0], row["accuracy"]) for row in rows
    }
    wanted = query(owner, "SELECT mmsi, event_time, lon, lat, accuracy FROM ais.positions")
    assert found == {(mmsi, at, (lon, lat), accuracy) for mmsi, at, lon, lat, accuracy in wanted}
    assert str(file.schema_arrow.field("event_time").type) == "timestamp[us, tz=UTC]"
    assert not {"lon", "lat", "geom"} & set(file.schema_arrow.names)


def ways(owner: Connection) -> dict[int, list[tuple[float, float, datetime]]]:
    """The fixes of each vessel, in order."""
    found: dict[int, list[tuple[float, float, datetime]]] = {}
    for mmsi, lon, lat, at in query(
        owner, "SELECT mmsi, lon, lat, event_time FROM ais.fixes ORDER BY mmsi, event_time"
    ):
        found.setdefault(mmsi, []).append((lon, lat, at))
    return found


def test_tracks_have_the_time_of_each_point(fairway: Fairway, owner: Connection) -> None:
    wanted = ways(owner)
    for name in ("out.parquet", "out.ndjson", "out.csv"):
        assert fairway("tracks", name, *SPAN)[0] == 0
    file = pq.ParquetFile("out.parquet")
    assert json.loads(file.metadata.metadata[b"geo"])["columns"]["geometry"]["geometry_types"] == ["LineString"]
    as_parquet = {
        row["mmsi"]: [
            (*point, at) for point, at in zip(shapely.from_wkb(row["geometry"]).coords, row["times"], strict=True)
        ]
        for row in file.read().to_pylist()
    }
    features = [json.loads(line) for line in Path("out.ndjson").read_text().splitlines()]
    as_geojson = {
        feature["properties"]["mmsi"]: [
            (*point, datetime.fromisoformat(at))
            for point, at in zip(feature["geometry"]["coordinates"], feature["properties"]["times"], strict=True)
        ]
        for feature in features
    }
    assert as_parquet == as_geojson == wanted
    as_csv = {int(row["mmsi"]): row["geom"] for row in rows_of("out.csv")}
    first = wanted[ASTRID][0]
    assert as_csv[ASTRID].startswith(f"LINESTRING M ({first[0]} {first[1]} {first[2].timestamp():.0f}, ")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--from", "2026-01-02T13:59", "--to", "2026-01-02T14:00"), {219000001, 219000002, 219000003}),
        (("--from", "2026-01-03", "--to", "2026-01-04"), set()),
        ((*SPAN, "--bbox", "11.0,55.6,11.2,55.7"), {219000003}),
        ((*SPAN, "--mmsi", "219000005"), {219000005}),
    ],
)
def test_tracks_that_touch_the_span_and_the_box(fairway: Fairway, options: tuple[str, ...], found: set[int]) -> None:
    assert fairway("tracks", "out.csv", *options)[0] == 0
    assert {int(row["mmsi"]) for row in rows_of("out.csv")} == found


def test_a_track_as_gpx_and_kml(fairway: Fairway, owner: Connection) -> None:
    for name in ("out.gpx", "out.kml"):
        assert fairway("track", name, *SPAN, "--mmsi", str(ASTRID)) == (0, f"wrote 1 rows of track to {name}\n")
    wanted = ways(owner)[ASTRID]
    gpx = ET.parse("out.gpx").getroot()
    assert (gpx.tag, gpx.get("version")) == (f"{{{GPX['g']}}}gpx", "1.1")
    assert [name.text for name in gpx.findall("g:trk/g:name", GPX)] == [f'A<&>"B ({ASTRID})']
    found = [
        (
            float(point.get("lon", "")),
            float(point.get("lat", "")),
            datetime.fromisoformat(point.findtext("g:time", "", GPX)),
        )
        for point in gpx.findall("g:trk/g:trkseg/g:trkpt", GPX)
    ]
    assert found == wanted
    [track] = ET.parse("out.kml").getroot().findall(".//gx:Track", KML)
    times = [datetime.fromisoformat(when.text or "") for when in track.findall("k:when", KML)]
    places = [tuple(map(float, (coord.text or "").split()[:2])) for coord in track.findall("gx:coord", KML)]
    assert [(*place, at) for place, at in zip(places, times, strict=True)] == wanted


def test_a_segment_for_each_stretch_and_a_track_for_each_vessel(fairway: Fairway, owner: Connection) -> None:
    fairway("tracks", "out.gpx", *SPAN)
    tracks = ET.parse("out.gpx").getroot().findall("g:trk", GPX)
    assert [len(track.findall("g:trkseg/g:trkpt", GPX)) for track in tracks] == [
        len(way) for way in ways(owner).values()
    ]


def test_vessels_now_are_who_and_where(fairway: Fairway) -> None:
    assert fairway("vessels_now", "out.geojson")[0] == 0
    features = json.loads(Path("out.geojson").read_text())["features"]
    assert {feature["properties"]["name"] for feature in features} >= {"BODIL", "CLARA", "DAGNY", "ESTER"}
    assert "age" not in features[0]["properties"]
    fairway("vessels_now", "out.csv", "--bbox", "11.0,55.6,11.2,55.7")
    assert [row["name"] for row in rows_of("out.csv")] == ["CLARA"]


def test_to_standard_output(analyst_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "FAIRWAY_DATABASE_URL": analyst_url}
    command = [*FAIRWAY, "positions", "-", "--format", "geoparquet", *SPAN]
    ran = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True)
    assert ran.stderr == f"wrote {POSITIONS} rows of positions to -\n".encode()
    (tmp_path / "piped.parquet").write_bytes(ran.stdout)
    assert pq.read_table(tmp_path / "piped.parquet").num_rows == POSITIONS


FAIRWAY = [sys.executable, "-m", "fairway.cli", "export"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("positions", "out.csv"), "say --from: "),
        (("positions", "out.csv", "--from", "yesterday"), "--from yesterday is not a time"),
        (("positions", "out.csv", "--from", "2026-01-03", "--to", "2026-01-02"), "is not before"),
        (("positions", "out.csv", *SPAN, "--mmsi", "21900000x"), "--mmsi 21900000x is not an MMSI"),
        (("positions", "out.csv", *SPAN, "--bbox", "1,2,3"), "--bbox 1,2,3 is not a box"),
        (("positions", "out.csv", *SPAN, "--bbox", "55,200,56,210"), "latitudes -90 to 90"),
        (("positions", "absent/out.csv", *SPAN), "there is no folder absent"),
        (("positions", ".", "--format", "csv", *SPAN), ". is a folder"),
        (("positions", "/dev/null", "--format", "csv", *SPAN), "/dev/null is not a file"),
        (("positions", "out.xlsx", *SPAN), "out.xlsx does not say its format"),
        (("positions", "-", *SPAN), "give --format"),
        (("positions", "out.csv", "--format", "xlsx", *SPAN), "--format xlsx is not a format"),
        (("positions", "out.gpx", *SPAN), "gpx is for track and tracks"),
        (("postions", "out.csv", *SPAN), "did you mean positions?"),
        (("track", "out.gpx", *SPAN), "say --mmsi: "),
        (("track", "out.gpx", *SPAN, "--mmsi", "1,2"), "names 2 vessels"),
        (("tracks", "out.csv", *SPAN, "--source", "a"), "--source is not for tracks"),
        (("vessels_now", "out.csv", "--from", "2026-01-01"), "--from is not for vessels_now"),
    ],
)
def test_a_mistake_is_one_sentence(fairway: Fairway, words: tuple[str, ...], said: str) -> None:
    status, error = fairway(*words)
    assert (status, said in error, error.count("\n")) == (2, True, 1), error
    assert not list(Path().iterdir())


def test_what_had_the_name_stays_when_an_export_fails(fairway: Fairway, owner: Connection) -> None:
    Path("out.csv").write_text("old")
    query(owner, "ALTER VIEW ais.position_reports RENAME TO gone")
    try:
        status, error = fairway("positions", "out.csv", *SPAN)
    finally:
        query(owner, "ALTER VIEW ais.gone RENAME TO position_reports")
    assert (status, error.count("\n"), Path("out.csv").read_text()) == (1, 1, "old")


def test_a_statement_beyond_the_limit_of_the_login_is_said(
    fairway: Fairway, owner: Connection, migrated_url: str
) -> None:
    query(owner, "ALTER ROLE fairway_analyst SET statement_timeout = '200ms'")
    try:
        with closing(database.connect(migrated_url)) as other:
            query(other, "LOCK TABLE ais.position_rows IN ACCESS EXCLUSIVE MODE")
            status, error = fairway("positions", "out.parquet", *SPAN)
    finally:
        query(owner, "ALTER ROLE fairway_analyst SET statement_timeout = '60s'")
    assert (status, "The limit of this login is 200ms" in error, error.count("\n")) == (1, True, 1), error
    assert not list(Path().iterdir())


def test_an_interrupted_export_leaves_nothing(
    analyst_url: str, owner: Connection, migrated_url: str, tmp_path: Path
) -> None:
    """Ctrl-C while the database lets it wait."""
    environment = {**os.environ, "FAIRWAY_DATABASE_URL": analyst_url}
    with closing(database.connect(migrated_url)) as other:
        query(other, "LOCK TABLE ais.position_rows IN ACCESS EXCLUSIVE MODE")
        ran = subprocess.Popen(
            [*FAIRWAY, "positions", "out.csv", *SPAN],
            env=environment,
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background do not hear it
        )
        waits = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fairway export' AND wait_event_type = 'Lock'"
        for _ in range(300):
            if value(owner, waits) or ran.poll() is not None:
                break
            time.sleep(0.1)
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
        ran.send_signal(signal.SIGINT)
        _, error = ran.communicate(timeout=30)
    assert (ran.returncode, error) == (130, "fairway: interrupted; the file is not whole and was not kept\n")
    assert not list(tmp_path.iterdir())


@pytest.fixture
def many(owner: Connection, analyst_url: str) -> Iterator[None]:
    """A day of so many positions of one vessel."""
    query(owner, "SELECT ais.ensure_partition('2026-02-01')")
    query(
        owner,
        "INSERT INTO ais.position_rows (event_time, received_at, mmsi, lon, lat, label, msg_type)"
        " SELECT t, t, 219000009, 100000000, 550000000, (SELECT max(id) FROM ais.position_labels), 1"
        " FROM generate_series(0, %s) AS n"
        " CROSS JOIN LATERAL (VALUES (timestamptz '2026-02-01 00:00+00' + n * interval '1 s')) AS x (t)",
        MANY - 1,
    )
    yield
    query(owner, "DELETE FROM ais.position_rows WHERE mmsi = 219000009")


def test_rows_stay_in_the_database_until_they_are_fetched(many: None, analyst_url: str, owner: Connection) -> None:
    subject = subjects.named("positions")
    asked = Asked(begin=datetime(2026, 2, 1, tzinfo=UTC), end=datetime(2026, 2, 2, tzinfo=UTC))
    with closing(database.connect(analyst_url, "fairway export", statement_seconds=None)) as connection:
        batches = Reader(connection, subject, asked).batches()
        sizes = [len(next(batches))]
        statement = (
            "SELECT query, state FROM pg_stat_activity"
            " WHERE application_name = 'fairway export' AND datname = current_database()"
        )
        assert query(owner, statement) == [
            (f'FETCH FORWARD {subject.rows_at_once} FROM "{CURSOR}"', "idle in transaction")
        ]
        sizes += [len(batch) for batch in batches]
        assert (sum(sizes), max(sizes)) == (MANY, subject.rows_at_once)
        with pytest.raises(Exception, match="read-only"):
            query(connection, "CREATE TEMPORARY TABLE t (); DELETE FROM ais.tracks")


def test_memory_does_not_grow_with_the_rows(many: None, analyst_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "FAIRWAY_DATABASE_URL": analyst_url}
    peaks = []
    for limit in (1000, MANY):
        words = ["positions", "out.geojson", "--from", "2026-02-01", "--to", "2026-02-02", "--limit", str(limit)]
        ran = subprocess.Popen([*FAIRWAY, *words], env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(ran.pid, 0)
        assert status == 0
        peaks.append(usage.ru_maxrss)
    assert peaks[1] - peaks[0] < 8_000, peaks  # kB
