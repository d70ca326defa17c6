"""Runs the maintainer: `python -m services.db_maintainer`."""

import os
from threading import Event

from fairway import service, telemetry
from fairway.settings import MaintainerSettings
from services.db_maintainer.jobs import jobs
from services.db_maintainer.schedule import Maintainer

NICENESS = 10  # compressing and reading back take the processor only when nobody else wants it


def run(settings: MaintainerSettings, stop: Event) -> None:
    """Run what is due until stopped."""
    os.nice(NICENESS)
    Maintainer(settings.database_address, jobs(settings), stop, busy_share=settings.busy_share).work()


def readiness() -> str | None:
    """None, or what is missing."""
    return None if telemetry.database_connected._value.get() else "not connected to PostgreSQL"


if __name__ == "__main__":
    service.main("db_maintainer", MaintainerSettings, run, readiness)
