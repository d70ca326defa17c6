"""Positions are compact rows behind a view: what they cost, how they are found, and how older ones are moved."""

from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.clock import to_text
from fairway.records import Position
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import SLOW, empty, query, value
from tests.integration.db_inserter.reports import filtered, position

BEFORE = "010_decoded_feeds"
DAY_MS = 1_767_312_000_000  # 2026-01-02
# Without the indexes' first page and the like, which an almost empty partition has, too.
MOST_BYTES_A_POSITION = 125

OLD_ROW = """
    INSERT INTO {} (event_time, received_at, mmsi, sog, msg_type, own_ship, accuracy, geom, time_source, source,
        station, channel, turning, low_resolution, missing, time_shift)
    SELECT day + n * interval '1 minute', day, n, n / 10.0, nullif(n % 28, 0), n % 2 = 0, n % 3 = 0,
        CASE WHEN n % 5 > 0 THEN st_setsrid(st_makepoint(n / 600000.0, -n / 7.0), 4326) END, 'received', 'a.b',
        CASE WHEN n % 4 > 0 THEN 's' || n % 4 END, CASE n % 3 WHEN 1 THEN '' WHEN 2 THEN 'A' END,
        CASE WHEN n % 7 = 0 THEN 'left' END, CASE WHEN n % 2 = 0 THEN n % 4 = 0 END,
        CASE WHEN n % 6 = 0 THEN 'lon,lat' END, CASE WHEN n % 6 = 1 THEN 0.25 END
    FROM generate_series(1, 60) AS n, unnest('{{2026-01-02,2026-01-03,2015-01-02}}'::timestamptz[]) AS day
"""
COLUMNS = (
    "event_time, received_at, mmsi, sog, msg_type, own_ship, accuracy, round(st_x(geom)::numeric, 7),"
    " round(st_y(geom)::numeric, 7), st_srid(geom), time_source, source, station, channel, turning, low_resolution,"
    " missing, time_shift, talker, gnss"
)


def test_an_upgrade_moves_every_position_as_it_was(database_url: str, tmp_path: Path) -> None:
    for path in sorted(database.sql_folder().glob("0*.sql")):
        if path.stem <= BEFORE:
            copy(path, tmp_path)
    database.migrate(database_url, tmp_path)
    with closing(database.connect(database_url)) as db:
        db.autocommit = True
        query(db, "SELECT ais.ensure_partition(day) FROM unnest('{2026-01-02,2026-01-03,2015-01-02}'::date[]) AS day")
        query(db, OLD_ROW.format("ais.positions"))
        query(db, OLD_ROW.format("ais.latest_positions") + " ON CONFLICT (mmsi) DO NOTHING")
        questions = [f"SELECT {COLUMNS} FROM ais.{name} ORDER BY 1, 3" for name in ("positions", "latest_positions")]
        questions += [f"SELECT * FROM ais.{name} ORDER BY mmsi, event_time" for name in ("vessels_now",)]
        before = [query(db, question) for question in questions]
        assert database.migrate(database_url)[0] == "011_compact_positions"
        after = [query(db, question) for question in questions]
        assert (len(before[0]), len(before[1])) == (180, 60)
        assert after[:2] == before[:2]
        assert [row[:14] for row in after[2]] == [row[:14] for row in before[2]]
        names = query(db, "SELECT DISTINCT tableoid::regclass::text FROM ais.position_rows ORDER BY 1")
        assert names == [("ais.positions_201501",), ("ais.positions_20260102",), ("ais.positions_20260103",)]
        assert value(db, "SELECT count(*) FROM pg_class WHERE relname LIKE 'moving%'") == 0
        assert value(db, "SELECT ais.ensure_partition('2026-01-02')") is False
        with closing(Inserter(database_url, 14, 1)) as inserter:  # and it goes on
            inserter.handle([filtered(position(0, mmsi=1, source="a.b"))])
        assert value(db, "SELECT count(*) FROM ais.positions WHERE source = 'a.b'") == 181


def traffic(vessels: int, reports: int) -> list[Position]:
    """Class A and B ships heard by twenty stations of two channels; all that their position reports say."""
    return [
        position(
            0,
            mmsi=219_000_000 + ship,
            event_time=to_text(DAY_MS + 10_000 * report + ship),
            received_at=to_text(DAY_MS + 10_000 * report + ship + 900),
            time_source="tag_block",
            msg_type=1 if ship % 4 else 18,
            repeat=0,
            channel="AB"[report % 2],
            talker="AI",
            station=f"r36699{ship % 20:02}",
            lon=10 + ship / 1000,
            lat=55 + report / 600_000,
            sog=12.3,
            cog=321.5,
            heading=320,
            maneuver=1,  # for its second, which `position` takes for another
            accuracy=True,
            raim=False,
            radio=report,
            **(
                {"nav_status": 0, "rot": 0.0} if ship % 4 else {"cs": True, "display": False, "dsc": True, "band": True}
            ),
        )
        for report in range(reports)
        for ship in range(vessels)
    ]


def test_a_position_takes_at_most_125_bytes_with_its_indexes(db: Connection, inserter: Inserter) -> None:
    reports = traffic(vessels=500, reports=60)
    for start in range(0, len(reports), 10_000):
        inserter.handle([filtered(*reports[start : start + 10_000], id=str(start))])
    size = value(db, "SELECT pg_total_relation_size('ais.positions_20260102')")
    assert size / len(reports) <= MOST_BYTES_A_POSITION
    assert value(db, "SELECT count(*) FROM ais.position_labels") <= 2 * 20 + 20  # and none a position


def plan(db: Connection, question: str, *values: object) -> str:
    return "\n".join(str(row[0]) for row in query(db, f"EXPLAIN {question}", *values))


def test_a_question_that_asks_for_no_text_does_not_look_for_texts(db: Connection, inserter: Inserter) -> None:
    inserter.prepare()
    for view in "ais.positions", "ais.latest_positions", "ais.vessels_now":
        assert "position_labels" not in plan(db, f"SELECT mmsi, event_time, geom, lon, sog FROM {view}")
        assert "position_labels" in plan(db, f"SELECT source FROM {view}")


def test_questions_about_a_ship_or_a_place_are_answered_by_an_index(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(*traffic(vessels=100, reports=20), id="1")])
    point = "ais.point(lon, lat)::geometry(Point, 4326)"
    query(db, f"CREATE INDEX places ON ais.positions_20260102 USING gist (({point})); ANALYZE ais.position_rows")
    query(db, "SET enable_seqscan = off")
    where = "st_intersects(geom, st_makeenvelope(10, 55, 10.01, 55.1, 4326))"
    try:
        assert "positions_20260102_mmsi_idx" in plan(db, "SELECT * FROM ais.positions WHERE mmsi = 219000001")
        assert "places" in plan(db, f"SELECT mmsi FROM ais.positions WHERE {where}")
        assert value(db, f"SELECT count(*) FROM ais.positions WHERE {where}") == 11 * 20
    finally:
        query(db, "RESET enable_seqscan; DROP INDEX ais.places")


def test_another_days_partition_is_not_looked_at(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(position(), position(event_time="2026-01-05T00:00:00.000Z"))])
    told = plan(db, "SELECT * FROM ais.positions WHERE event_time >= '2026-01-05' AND event_time < '2026-01-06'")
    assert ["20260105" in told, "20260102" in told] == [True, False]


def test_the_geometry_of_the_view_has_its_type_and_system(db: Connection) -> None:
    rows = query(db, "SELECT f_table_name, srid, type FROM geometry_columns WHERE f_table_name LIKE '%positions'")
    assert set(rows) >= {("positions", 4326, "POINT"), ("latest_positions", 4326, "POINT")}


records = st.builds(
    position,
    st.integers(0, 59),
    mmsi=st.integers(1, 3),
    station=st.sampled_from([None, "", "None", "a", "Æ", "x" * 40, 'a"b\\']),
    channel=st.sampled_from([None, "A", "B", "1"]),
    lon=st.none() | st.integers(-1_800_000_000, 1_800_000_000).map(lambda n: n / 1e7),
    heading=st.sampled_from([None, 0, 359, 511]),
    sog=st.sampled_from([None, 0.0, 102.2]),
    turning=st.sampled_from([None, "left", "right"]),
    missing=st.sampled_from([None, None, "radio"]),
    time_shift=st.sampled_from([None, 0.5]),
)
TOLD = (
    "mmsi",
    "station",
    "channel",
    "lon",
    "heading",
    "sog",
    "turning",
    "missing",
    "time_shift",
    "source",
    "low_resolution",
)


@SLOW
@given(batch=st.lists(records, min_size=1, max_size=8))
def test_the_view_tells_what_came(db: Connection, inserter: Inserter, batch: list[Position]) -> None:
    empty(db)
    inserter.handle([filtered(*batch)])
    told = query(db, f"SELECT extract(second FROM event_time)::int, {', '.join(TOLD)} FROM ais.positions")
    came = [(int(p.event_time[17:19]), *(getattr(p, name) for name in TOLD)) for p in batch]
    assert sorted(told, key=str) == sorted(came, key=str)


def test_labels_are_made_once_and_survive_a_failed_group(db: Connection, inserter: Inserter, writer_url: str) -> None:
    query(db, "DELETE FROM ais.position_labels")
    inserter.handle([filtered(position(station="a"), position(station="b"), id="1")])
    with closing(Inserter(writer_url, 14, 1)) as another:
        another.handle([filtered(position(station="b"), position(station="c"), id="2")])
    rows: list[Any] = query(db, "SELECT station FROM ais.position_labels ORDER BY 1")
    assert rows == [("a",), ("b",), ("c",)]
