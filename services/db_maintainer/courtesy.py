"""A connection of a job that stands back while others store positions by the thousands.

A statement takes a processor from whoever wants it as well, and PostgreSQL cannot give it a lower priority. So after a
transaction that took its time a job rests for a multiple of that time, as long as positions come fast; else it goes on at once.
"""

import time
from collections.abc import Callable
from typing import Any

from psycopg2.extensions import connection as Connection

BUSY_ROWS = 5000.0  # a second and more, of which a processor has something to do
LEAST_SECONDS = 1.0  # of work, before it rests: shorter ones are added up
LOOK_SECONDS = 2.0  # between looks at whether positions still come

# What is copied into the place of a partition counts as well, until the next look.
_INSERTED = """
    SELECT coalesce(sum(n_tup_ins), 0)::bigint FROM pg_stat_user_tables
    WHERE schemaname = 'ais' AND relname ~ '^positions_[0-9]{6}([0-9]{2})?$'
"""

Wait = Callable[[float], object]


def courteous(share: float, wait: Wait, now: Callable[[], float] = time.monotonic) -> Callable[..., Connection]:
    """What makes connections that work for a `share` of the time while others are busy; `wait` for so many seconds, or less."""

    class Courteous(Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._since, self._inserted = now(), self._look()

        def commit(self) -> None:
            super().commit()
            worked = now() - self._since
            if worked >= LEAST_SECONDS:
                self._rest(worked)

        def _rest(self, worked: float) -> None:
            began, until = now(), now() + worked * (1 / share - 1)
            before, seconds = self._inserted, worked
            while True:
                inserted = self._look()
                is_busy = (inserted - before) / max(seconds, 0.001) >= BUSY_ROWS
                left = until - now()
                if not is_busy or left <= 0:
                    break
                before, began = inserted, now()
                wait(min(LOOK_SECONDS, left))
                seconds = now() - began
            self._since, self._inserted = now(), inserted

        def _look(self) -> int:
            with self.cursor() as cursor:
                cursor.execute(_INSERTED)
                [(inserted,)] = cursor.fetchall()
            super().commit()
            return int(inserted)

    return Courteous
