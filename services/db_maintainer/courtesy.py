"""A connection of a job that stands back while records come by the thousands a second.

A statement takes a processor from whoever wants it as well, and PostgreSQL cannot give it a lower priority. So after a
transaction that took its time a job rests for a multiple of that time, as long as records come fast; else it goes on at once.
"""

import time
from collections.abc import Callable
from typing import Any

from psycopg2.extensions import connection as Connection

BUSY_RECORDS = 5000.0  # accounted for a second, stored or dropped: those who dealt with them want the processor
LEAST_SECONDS = 1.0  # of work, before it rests: shorter ones are added up
LOOK_SECONDS = 2.0  # between looks at whether records still come

_RECORDS_A_SECOND = """
    SELECT coalesce(sum(received), 0) / 10.0 FROM ops.ledger WHERE committed_at > clock_timestamp() - interval '10 seconds'
"""

Wait = Callable[[float], object]


def courteous(share: float, wait: Wait, now: Callable[[], float] = time.monotonic) -> Callable[..., Connection]:
    """What makes connections that work for a `share` of the time while records come fast; `wait` for so many seconds, or less."""

    class Courteous(Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._since = now()

        def commit(self) -> None:
            super().commit()
            worked = now() - self._since
            if worked >= LEAST_SECONDS:
                self._rest(now() + worked * (1 / share - 1))
                self._since = now()

        def _rest(self, until: float) -> None:
            while (left := until - now()) > 0 and self._is_busy():
                wait(min(LOOK_SECONDS, left))

        def _is_busy(self) -> bool:
            with self.cursor() as cursor:
                cursor.execute(_RECORDS_A_SECOND)
                [(rate,)] = cursor.fetchall()
            super().commit()
            return bool(rate >= BUSY_RECORDS)

    return Courteous
