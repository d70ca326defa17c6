"""All jobs together, by the role that runs them."""

from datetime import timedelta
from threading import Event

from psycopg2.extensions import connection as Connection

from fairway.settings import MaintainerSettings
from services.db_maintainer import account, partitions, schedule
from services.db_maintainer.jobs import jobs
from tests.integration.db_maintainer.days import days_ago, fill, query, value
from tests.integration.db_maintainer.queries import DERIVED, derived
from tests.integration.db_maintainer.test_retain import rule

DAY = days_ago(40)
NOTE = """
    INSERT INTO ops.changed_periods (period)
    SELECT %s::date::timestamp AT TIME ZONE 'UTC' + n * interval '30 minutes' FROM generate_series(0, 47) AS n
"""


def run_all(db: Connection, maintainer_url: str, settings: MaintainerSettings) -> None:
    account.enter(db, jobs(settings))
    for job in jobs(settings):
        assert schedule.run(maintainer_url, db, job, Event()) is None, job.name


def test_what_was_computed_of_a_day_outlives_its_positions(
    db: Connection, maintainer: Connection, maintainer_url: str
) -> None:
    settings = MaintainerSettings(close_quiet_minutes=0)
    name = fill(db, DAY)
    query(db, NOTE, DAY)
    run_all(db, maintainer_url, settings)
    computed = derived(db)
    assert all(computed.values())
    assert value(db, "SELECT closed_at IS NOT NULL FROM ops.partitions WHERE name = %s", name)
    assert partitions.days(maintainer, name) == [DAY]

    rule(db, "positions", 30)
    run_all(db, maintainer_url, settings)
    assert value(db, "SELECT count(*) FROM ops.partitions WHERE name = %s", name) == 0
    assert query(db, "SELECT day FROM ops.frozen_days") == [(DAY,)]
    fill(db, DAY, 3)  # stragglers
    query(db, NOTE, DAY)
    run_all(db, maintainer_url, settings)
    assert derived(db) == computed
    assert value(db, "SELECT count(*) FROM ops.changed_periods") == 0
    assert value(db, "SELECT min(upto) FROM ops.refreshed") > query(db, "SELECT now() - %s", timedelta(days=2))[0][0]
    assert len(DERIVED) == len(computed)
