"""Runs the inserter: `python -m services.db_inserter`."""

from random import Random
from threading import Event

import structlog

from fairway import backoff, service
from fairway.errors import DatabaseAway
from fairway.settings import InserterSettings
from fairway.worker import Gather
from services.db_inserter.stage import Inserter

log = structlog.get_logger()


def run(settings: InserterSettings, stop: Event) -> None:
    """Wait for the database, then store what the queue gives until stopped."""
    inserter = Inserter(settings.database_address, settings.ledger_days, settings.partition_days_ahead)
    wait_for_database(inserter, stop, Random())
    gather = Gather(settings.insert_batches, settings.insert_records, settings.insert_seconds)
    service.run_stage("db_inserter", inserter, settings, stop, gather)
    inserter.close()


def wait_for_database(inserter: Inserter, stop: Event, random: Random) -> None:
    """Try until the database is there and its schema is up to date, or `stop` is set."""
    for delay in backoff.delays(random):
        if stop.is_set():
            return
        try:
            inserter.prepare()
            return
        except DatabaseAway as error:
            log.warning("waiting for the database", error=str(error), seconds=round(delay, 1))
            stop.wait(delay)


if __name__ == "__main__":
    service.main("db_inserter", InserterSettings, run)
