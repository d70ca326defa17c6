"""Partitions of ais.position_rows, named positions_YYYYMMDD or positions_YYYYMM: made for the days at hand, and some days ahead.

The database decides whether a day has one of its own or shares its month's; see ais.ensure_partition.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from psycopg2.extensions import connection as Connection

DAYS_AT_ONCE = 30  # each new partition keeps locks until the transaction ends, of which the server has a few thousand

_ENSURE = "SELECT ais.ensure_partition(day) FROM unnest(%s::date[]) AS day"


class Partitions:
    """Remembers which days have one, so that a group of known days costs no query."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def ensure(self, connection: Connection, days: Iterable[str]) -> None:
        """Make the missing ones, in small transactions of their own so that locks are few and short.

        What a failure leaves undone is made when the same days are asked for again.
        """
        for some in _slices(sorted(set(days) - self._known)):
            with connection, connection.cursor() as cursor:
                cursor.execute(_ENSURE, [some])
            self._known.update(some)

    def forget(self) -> None:
        """Ask again next time: someone may have dropped a day."""
        self._known.clear()


def days_ahead(now_ms: int, ahead: int) -> list[str]:
    """Today (UTC) and the next `ahead` days, YYYY-MM-DD."""
    today: date = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    return [(today + timedelta(days=offset)).isoformat() for offset in range(ahead + 1)]


def _slices(days: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(days), DAYS_AT_ONCE):
        yield days[start : start + DAYS_AT_ONCE]
