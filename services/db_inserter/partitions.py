"""Daily partitions of ais.positions: made for the days at hand, and some days ahead."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from psycopg2.extensions import connection as Connection

_ENSURE = "SELECT ais.ensure_partition(%s)"


class Partitions:
    """Remembers which days have one, so that a group of known days costs no query."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def ensure(self, connection: Connection, days: Iterable[str]) -> None:
        """Make the missing ones, in a transaction of their own so that its locks are short."""
        missing = sorted(set(days) - self._known)
        if not missing:
            return
        with connection, connection.cursor() as cursor:
            for day in missing:
                cursor.execute(_ENSURE, [day])
        self._known.update(missing)

    def forget(self) -> None:
        """Ask again next time: someone may have dropped a day."""
        self._known.clear()


def days_ahead(now_ms: int, ahead: int) -> list[str]:
    """Today (UTC) and the next `ahead` days, YYYY-MM-DD."""
    today: date = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    return [(today + timedelta(days=offset)).isoformat() for offset in range(ahead + 1)]
