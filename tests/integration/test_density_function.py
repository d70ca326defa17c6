"""ais.density, the function, against sums done by hand and cells found one by one."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from math import isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database
from tests.integration.db_inserter.queries import SLOW, query, value
from tests.integration.logins import login_url

DAY, NEXT, THIRD = date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 4)
LON, LAT = 10.5, 55.5
BOX = "st_makeenvelope(10.49, 55.49, 10.51, 55.51, 4326)"

Row = dict[str, Any]


@pytest.fixture
def db(migrated_url: str) -> Iterator[Connection]:
    with closing(database.connect(migrated_url)) as connection:
        connection.autocommit = True
        query(connection, "SELECT ais.ensure_month('density', %s)", DAY)
        query(connection, "DELETE FROM ais.density")
        yield connection


def store(
    db: Connection, lon: float = LON, lat: float = LAT, day: date = DAY, ship_class: str | None = "cargo", **more: Any
) -> int:
    """A row of the table in the cell at a place; the cell."""
    row = {"course_sector": 2, "speed_bin": 10, "vessels": 1, "seconds": 60.0, **more}
    query(
        db,
        f"INSERT INTO ais.density (cell, day, ship_class, {', '.join(row)})"
        f" VALUES (ais.cell_at(%s, %s), %s, %s, {', '.join(['%s'] * len(row))})",
        *(lon, lat, day, ship_class, *row.values()),
    )
    return int(value(db, "SELECT ais.cell_at(%s, %s)", lon, lat))


def density(
    db: Connection,
    box: str = BOX,
    begin: str = "2026-01-01",
    end: str = "2026-01-10",
    ship_class: str | None = None,
) -> dict[int, Row]:
    """What the function answers, by cell."""
    names = ("cell", "vessel_days_min", "vessel_days_max", "seconds", "mean_knots", "days")
    rows = query(
        db,
        f"SELECT {', '.join(names)} FROM ais.density({box}, (%s || '+00')::timestamptz, (%s || '+00')::timestamptz, %s)",
        *(begin, end, ship_class),
    )
    assert len({cell for cell, *_ in rows}) == len(rows)
    return {cell: dict(zip(names[1:], rest, strict=True)) for cell, *rest in rows}


def test_rows_of_a_cell_are_summed_up(db: Connection) -> None:
    cell = store(db, vessels=3, seconds=100.0, speed_bin=10)
    store(db, vessels=2, seconds=300.0, speed_bin=11)
    store(db, vessels=1, seconds=50.0, speed_bin=None)
    store(db, vessels=1, seconds=600.0, speed_bin=0, ship_class="tug")
    store(db, vessels=4, seconds=1000.0, speed_bin=10, day=NEXT)
    assert density(db) == {
        cell: {
            # Cargo: 3 at least on the first day and 4 on the second, and the tug. All of them could be others: 3 + 2 + 1 + 1 + 4.
            "vessel_days_min": 8,
            "vessel_days_max": 11,
            "seconds": 2050.0,
            "mean_knots": (100 * 10.5 + 300 * 11.5 + 600 * 0.5 + 1000 * 10.5) / 2000,
            "days": 2,
        }
    }


def test_one_class_is_asked_for(db: Connection) -> None:
    cell = store(db, seconds=100.0)
    store(db, seconds=20.0, ship_class="tug")
    store(db, seconds=3.0, ship_class=None)
    assert density(db)[cell]["seconds"] == 123.0
    assert density(db, ship_class="tug")[cell]["seconds"] == 20.0
    assert density(db, ship_class="sailing") == {}


def test_without_a_speed_there_is_no_mean(db: Connection) -> None:
    cell = store(db, speed_bin=None)
    assert density(db)[cell]["mean_knots"] is None


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        ("2026-01-02", "2026-01-03", [DAY]),
        ("2026-01-02 23:59:59", "2026-01-03 00:00:01", [DAY, NEXT]),
        ("2026-01-03 10:00", "2026-01-03 11:00", [NEXT]),
        ("2026-01-03", "infinity", [NEXT, THIRD]),
        ("-infinity", "2026-01-04", [DAY, NEXT]),
        ("2026-01-03 11:00", "2026-01-03 11:00", []),
        ("2026-01-03 11:00", "2026-01-03 10:00", []),
    ],
)
def test_a_day_of_which_any_time_is_asked_for_counts_whole(
    db: Connection, begin: str, end: str, days: list[date]
) -> None:
    seconds = {DAY: 1.0, NEXT: 10.0, THIRD: 100.0}
    for day, its in seconds.items():
        store(db, day=day, seconds=its)
    for zone in ("UTC", "Pacific/Auckland"):  # what a day is does not hang on who asks
        query(db, f"SET timezone = '{zone}'")
        answer = density(db, begin=begin, end=end)
        assert [(row["seconds"], row["days"]) for row in answer.values()] == (
            [(sum(seconds[day] for day in days), len(days))] if days else []
        )


def test_the_end_is_now_when_none_is_given(db: Connection) -> None:
    cell = store(db)
    assert value(db, f"SELECT cell FROM ais.density({BOX}, '2026-01-01')") == cell


def test_a_cell_is_a_hexagon_in_wgs_84(db: Connection) -> None:
    store(db)
    [row] = query(
        db,
        "SELECT st_srid(geom), st_npoints(geom), st_contains(geom, st_point(%s, %s, 4326)), geom = ais.cell_polygon(cell)"
        f" FROM ais.density({BOX}, '2026-01-01')",
        *(LON, LAT),
    )
    assert row == (4326, 7, True, True)


def test_a_cell_of_which_the_box_touches_a_corner_is_in(db: Connection) -> None:
    cell = store(db)
    corner = "(SELECT st_expand(st_pointn(st_exteriorring(ais.cell_polygon(%s)), %s), 1e-7))"
    for number in range(1, 7):
        box = corner % (cell, number)
        assert list(density(db, box=box)) == [cell]


def test_a_form_that_is_no_box_has_the_cells_that_it_touches(db: Connection) -> None:
    cell = store(db)
    store(db, lon=LON + 0.3)
    line = f"st_makeline(st_point({LON}, {LAT}, 4326), st_point({LON + 0.3}, {LAT + 0.3}, 4326))"
    assert list(density(db, box=line)) == [cell]


@pytest.mark.parametrize(
    ("box", "lons"),
    [
        ((179.9, 10, 180, 11), {179.95, -179.9999}),
        ((-180, 10, -179.9, 11), {-179.95, -179.9999, 179.9999}),
        ((179.9, 10, 180.1, 11), {179.95, 179.9999, -179.9999, -179.95}),
        ((-180, 10, 180, 11), {179.95, 179.9999, -179.9999, -179.95, 0.0}),
        ((-1, 10, 1, 11), {0.0}),
    ],
)
def test_the_180th_meridian_is_no_edge(db: Connection, box: tuple[float, ...], lons: set[float]) -> None:
    places = (179.95, 179.9999, -179.9999, -179.95, 0.0)
    cells = {lon: store(db, lon=lon, lat=10.5, seconds=1.0) for lon in places}
    envelope = f"st_makeenvelope({', '.join(map(str, box))}, 4326)"
    assert set(density(db, box=envelope)) >= {cells[lon] for lon in lons}
    assert set(density(db, box=envelope)) == set(slowly(db, envelope))


def slowly(db: Connection, box: str) -> list[int]:
    """Cells by looking at every one of them."""
    return [
        cell
        for (cell,) in query(
            db,
            "SELECT DISTINCT cell FROM ais.density CROSS JOIN (VALUES (-360), (0), (360)) AS around (degrees)"
            f" WHERE st_intersects(st_translate(ais.cell_polygon(cell), degrees, 0), {box})",
        )
    ]


PLACES = st.tuples(st.floats(-180, 180), st.floats(-84, 84))
SIZES = st.sampled_from([0.001, 0.02, 0.5, 30])


@SLOW
@given(
    place=PLACES, size=SIZES, around=st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=1, max_size=20)
)
def test_the_cells_are_those_that_the_box_touches(
    db: Connection, place: tuple[float, float], size: float, around: list[tuple[float, float]]
) -> None:
    query(db, "DELETE FROM ais.density")
    lon, lat = place
    for east, north in around:
        store(db, lon=(lon + east * size + 180) % 360 - 180, lat=max(-85, min(85, lat + north * size)))
    box = f"st_makeenvelope({lon - size}, {lat - size}, {lon + size}, {lat + size}, 4326)"
    assert set(density(db, box=box)) == set(slowly(db, box))


def test_an_analyst_may_ask_and_sees_what_the_table_sums_up_to(db: Connection, migrated_url: str) -> None:
    for number in range(20):
        store(db, lon=LON + number / 100, seconds=float(number), day=(DAY, NEXT)[number % 2])
    with closing(database.connect(login_url(migrated_url, "analyst"))) as analyst:
        answer = density(analyst, box="st_makeenvelope(10, 55, 11, 56, 4326)")
    assert isclose(sum(row["seconds"] for row in answer.values()), value(db, "SELECT sum(seconds) FROM ais.density"))


def test_few_cells_of_many_are_found_by_their_index(db: Connection) -> None:
    query(
        db,
        "INSERT INTO ais.density (cell, day, seconds, vessels)"
        " SELECT ais.cell_at(10 + n %% 200 / 100.0, 55 + n / 200 / 100.0), %s, 1, 1 FROM generate_series(0, 39999) AS n",
        DAY,
    )
    query(db, "ANALYZE ais.density")
    db.autocommit = False
    scans = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'density_202601'"
    [(seq_scans, index_scans)] = query(db, scans)  # of before, until the statistics have them
    query(db, f"SELECT count(*) FROM ais.density({BOX}, '2026-01-01')")
    [(seq_scans_then, index_scans_then)] = query(db, scans)
    assert seq_scans_then == seq_scans
    assert index_scans_then > index_scans
