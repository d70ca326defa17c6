"""`fairway db maintain`, `archive` and `restore`: the maintainer's work by hand, and what became of it."""

import json
import re
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from psycopg2.extensions import connection as Connection

from fairway import database, telemetry
from fairway import settings as settings_module
from fairway.errors import BadSetting
from fairway.local import surroundings
from fairway.settings import MaintainerSettings
from services.db_maintainer import account, archiving, schedule, status
from services.db_maintainer.archive.restoring import restore as restore_file
from services.db_maintainer.job import Job
from services.db_maintainer.jobs import jobs as all_jobs

KEEP_DAYS = 30  # that a restored day is kept, though its retention is over

Names = Annotated[list[str] | None, typer.Argument(metavar="[JOB]...", help="Jobs; none for all.")]
Now = Annotated[bool, typer.Option("--now", help="Run jobs now, or let the maintainer at work take them next.")]
Status = Annotated[bool, typer.Option("--status", help="Show jobs and partitions.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")]
Every = Annotated[str | None, typer.Option(help="Run the jobs so often from now on, such as 30s, 15m, 6h or 1d.")]
Enable = Annotated[bool | None, typer.Option("--enable/--disable", help="Whether the jobs run by themselves.")]
Days = Annotated[list[str], typer.Argument(metavar="DAY...", help="Days in UTC, such as 2026-01-02.")]
To = Annotated[Path | None, typer.Option(help="Another folder than the archive's; not noted in ops.archives.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of the archive.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put a file in the place of the rows that are there.")]
KeepDays = Annotated[int, typer.Option(min=1, help="Days for which a restored day is kept whatever its retention.")]

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def maintain(
    names: Names = None,
    now: Now = False,
    status_: Status = False,
    as_json: AsJson = False,
    every: Every = None,
    enable: Enable = None,
) -> None:
    """Keep the database tidy: run jobs now, change how often they run, or see what became of them."""
    settings = _settings()
    chosen = _chosen(all_jobs(settings), names or ())
    if not (now or status_ or every or enable is not None):
        raise BadSetting("say what to do: --now, --status, --every, --enable or --disable")
    with _connected(settings) as connection:
        if every or enable is not None:
            _change(connection, settings, chosen, _interval(every), enable, bool(names))
        failed = now and not _run(connection, settings, chosen)
        if status_:
            report = status.report(connection)
            print(json.dumps(report)) if as_json else status.show(report)
    sys.exit(1 if failed else 0)


def archive(days: Days, to: To = None) -> None:
    """Write days of positions to GeoParquet, a file for each source, and read them back; nothing is deleted."""
    settings = _settings()
    with _connected(settings) as connection, database.database_errors():
        for day in map(_day, days):
            written = archiving.archive_day(connection, day, to or settings.archive, noted=to is None)
            for archived in written:
                print(f"{archived.file}  {archived.contents.rows:,} positions, {archived.bytes:,} bytes")
            if not written:
                raise BadSetting(f"there are no positions of {day}")


def restore(files: Files, replace: Replace = False, keep_days: KeepDays = KEEP_DAYS) -> None:
    """Put files of the archive back into the database; FAIRWAY_DATABASE_URL must be the owner's."""
    settings = settings_module.read(MaintainerSettings)
    with _connected(settings) as connection, database.database_errors():
        for file in files:
            contents = restore_file(connection, file, replace, timedelta(days=keep_days))
            print(f"{contents.day}  {contents.source}  {contents.rows:,} positions are back")


def _settings() -> MaintainerSettings:
    telemetry.start_logging("console", "critical", "db_maintainer")  # what jobs log is said here in one sentence each
    return settings_module.read(MaintainerSettings, surroundings("db_maintainer"))


def _connected(settings: MaintainerSettings) -> "closing[Connection]":
    return closing(database.connect(settings.database_address, "fairway db maintain"))


def _chosen(jobs: tuple[Job, ...], names: tuple[str, ...] | list[str]) -> list[Job]:
    known = {job.name: job for job in jobs}
    for name in names:
        if name not in known:
            raise BadSetting(f"{name!r} is not a job; the jobs are {', '.join(known)}")
    return [job for job in jobs if not names or job.name in names]


def _change(
    connection: Connection,
    settings: MaintainerSettings,
    chosen: list[Job],
    every: timedelta | None,
    enabled: bool | None,
    named: bool,
) -> None:
    if not named:
        raise BadSetting("name the jobs that are to change")
    with database.database_errors():
        account.enter(connection, all_jobs(settings))
        for job in chosen:
            account.change(connection, job.name, every, enabled)


def _run(connection: Connection, settings: MaintainerSettings, chosen: list[Job]) -> bool:
    """Whether all of them went well, or were handed to the maintainer at work."""
    with database.database_errors():
        account.enter(connection, all_jobs(settings))
        if not schedule.take_lock(connection):
            account.make_due(connection, [job.name for job in chosen])
            print("a maintainer is at work and takes them next; see `fairway db maintain --status`")
            return True
        stop = Event()
        errors = [schedule.run(settings.database_address, connection, job, stop) for job in chosen]
    for job, error in zip(chosen, errors, strict=True):
        print(f"{job.name:<10} {f'failed: {error}' if error else 'done'}")
    return not any(errors)


def _interval(text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text)
    if found is None:
        raise BadSetting(f"--every {text} is not a time; write 30s, 15m, 6h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"{text!r} is not a day; write it as 2026-01-02") from None
