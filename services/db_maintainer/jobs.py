"""The jobs, in the order in which they run when several are due."""

from datetime import timedelta
from functools import partial

from fairway.settings import MaintainerSettings
from services.db_maintainer import ahead, archiving, close, density, forget, retain, rollups, runaways, tracks
from services.db_maintainer.close import Closing
from services.db_maintainer.job import Job


def jobs(settings: MaintainerSettings) -> tuple[Job, ...]:
    """Every job there is; a new one is one line here."""
    closing = Closing(timedelta(hours=settings.close_after_hours), timedelta(minutes=settings.close_quiet_minutes))
    return (
        Job("runaways", timedelta(minutes=1), runaways.end_runaways, is_short=True),
        Job("ahead", timedelta(hours=1), partial(ahead.make_partitions, days=settings.partition_days_ahead)),
        Job("rollups", timedelta(minutes=5), rollups.refresh),
        Job("tracks", timedelta(minutes=10), tracks.refresh),
        Job("density", timedelta(hours=6), density.refresh),
        Job("close", timedelta(minutes=15), partial(close.close_partitions, closing=closing)),
        Job("archive", timedelta(hours=1), partial(archiving.archive_expired, folder=settings.archive)),
        Job("retain", timedelta(hours=1), retain.delete_expired),
        Job("forget", timedelta(days=1), forget.forget),
    )
