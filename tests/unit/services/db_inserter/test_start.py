"""The start waits for the database."""

from random import Random
from threading import Event

from fairway.errors import DatabaseAway
from services.db_inserter.__main__ import wait_for_database
from services.db_inserter.stage import Inserter


class LateDatabase(Inserter):
    """An inserter whose database comes at the third try, or never."""

    def __init__(self, comes_at: int, stop: Event | None = None) -> None:
        super().__init__("postgresql://nowhere.invalid/", 1, 1)
        self.tries = 0
        self._comes_at = comes_at
        self._stop = stop

    def prepare(self) -> None:
        self.tries += 1
        if self.tries == self._comes_at:
            return
        if self._stop is not None:
            self._stop.set()
        raise DatabaseAway("away, as the test asked")


def test_the_start_waits_until_the_database_is_there() -> None:
    inserter = LateDatabase(comes_at=2)
    wait_for_database(inserter, Event(), Random(1))
    assert inserter.tries == 2


def test_a_stop_ends_the_wait() -> None:
    stop = Event()
    inserter = LateDatabase(comes_at=99, stop=stop)
    wait_for_database(inserter, stop, Random(1))
    assert inserter.tries == 1
