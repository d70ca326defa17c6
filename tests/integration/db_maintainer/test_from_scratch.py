"""However positions come, derived tables end as if they were computed of all of them at once."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import clock
from fairway.records import Position
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import SLOW, query
from tests.integration.db_inserter.reports import filtered, position, static
from tests.integration.db_maintainer.comparing import untrue
from tests.integration.db_maintainer.from_scratch import HALF_HOUR, Said
from tests.integration.db_maintainer.queries import DERIVED, MIDNIGHT, derived, empty, refresh

VESSELS = (219000001, 219000002)
SAID = [
    Said(VESSELS[0], MIDNIGHT - timedelta(hours=3), 71),
    Said(VESSELS[0], MIDNIGHT + timedelta(minutes=20), 80),
]


def text(moment: datetime) -> str:
    return clock.to_text(clock.ms_of(moment))


NEAR_MIDNIGHT = (-61, -31, -30, -5, 0, 4, 29, 30, 50)  # minutes, where a vessel's day goes on into the next
FAR_FROM_IT = (-1500, -780, -720, -130, -90, 65, 700, 720, 1439, 1441)

BATCHES = 8
moments = st.builds(
    lambda minutes, seconds: MIDNIGHT + timedelta(minutes=minutes, seconds=seconds),
    st.sampled_from(NEAR_MIDNIGHT) | st.sampled_from(FAR_FROM_IT),
    st.sampled_from([0, 0.001, 30]),
)
courses = st.sampled_from([None, 0.0, 1.0, 22.5, 90.0, 180.0, 270.0, 337.4, 359.9])


@st.composite
def reports(draw: st.DrawFn) -> Position:
    west = draw(st.sampled_from([10.0, 10.0, 10.0, 10.01, 10.02, 10.1, 30.0, 179.99, -179.98]))
    return position(
        mmsi=draw(st.sampled_from(VESSELS)),
        event_time=text(draw(moments)),
        received_at=text(MIDNIGHT + timedelta(seconds=draw(st.integers(0, 1)))),
        lon=draw(st.sampled_from([west, west, west, west, None])),
        lat=draw(st.sampled_from([55.0, 55.001, 55.02, -0.003])),
        sog=draw(st.sampled_from([None, 0.0, 0.9, 1.0, 12.5, 60.0])),
        cog=draw(courses),
        heading=draw(st.sampled_from([None, 0, 1, 120, 240, 359])),
        nav_status=draw(st.sampled_from([None, 0, 5])),
        flags=draw(st.sampled_from([None, None, None, None, 1, 2, 4])),
        source=draw(st.sampled_from(["a", "b"])),
    )


# A batch to store, by its number for it may come twice, or a time at which everything is refreshed.
steps = st.integers(0, BATCHES - 1) | st.integers(-24, 30).map(lambda n: MIDNIGHT + n * HALF_HOUR)


@SLOW
@given(
    batches=st.lists(st.lists(reports(), min_size=1, max_size=5), min_size=BATCHES, max_size=BATCHES),
    order=st.lists(steps, min_size=4, max_size=12),
)
def test_late_duplicate_and_disordered_positions_end_in_what_a_slow_computation_says(
    db: Connection,
    maintainer: Connection,
    inserter: Inserter,
    batches: list[list[Position]],
    order: list[int | datetime],
) -> None:
    empty(db)
    for number, said in enumerate(SAID):
        report = static(mmsi=said.mmsi, event_time=text(said.event_time), ship_type=said.ship_type)
        inserter.handle([filtered(report, id=f"static {number}")])
    for step in [*order, *range(BATCHES)]:
        if isinstance(step, datetime):
            refresh(maintainer, step)
        else:
            inserter.handle([filtered(*batches[step], id=f"{step}/{len(batches[step])}")])
    refresh(maintainer)
    assert untrue(db, SAID) == []
    as_it_came = derived(db)
    query(db, "; ".join(f"DELETE FROM ais.{name}" for name in DERIVED))
    query(
        db,
        "INSERT INTO ops.changed_periods"
        " SELECT DISTINCT date_bin('30 min', event_time, '2000-01-01') FROM ais.position_rows",
    )
    refresh(maintainer)
    assert derived(db) == as_it_came
    assert query(db, "SELECT 1 FROM ops.changed_periods UNION ALL SELECT 1 FROM ops.stale_periods") == []
