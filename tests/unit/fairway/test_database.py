"""The database's address, and which errors tell of the server rather than of our data."""

import psycopg2
import psycopg2.errors
import pytest

from fairway import database
from fairway.errors import BadSetting, DatabaseAway


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://127.0.0.1:5432/fairway",
        "postgres://user:hunter2@db/fairway",
        "postgresql://user:it%27s%20a%20100%25%2F%40%3A%23%3F@db_1.example-net.org:5432/fairway",
        "postgresql://user:a:b!$&'()*+,;=~@db/fairway",
        "postgresql://user@[::1]:5432/fairway?sslmode=require&connect_timeout=3",
        "postgresql:///fairway?host=/run/postgresql",
        "postgresql:///",
        "postgresql://db",
    ],
)
def test_an_address_that_postgresql_takes_is_right(url: str) -> None:
    database.check_url(url)


BAD_ADDRESSES = [
    "",
    "hunter2",
    "hunter2.example.org:5432/fairway",
    "host=db password=hunter2",
    "postgresql+psycopg2://u:hunter2@h/db",
    "mysql://u:hunter2@h/db",
    "postgresql://u:hidden@ss@h/db",
    "postgresql://u:hidden/ss@h/db",
    "postgresql://u:1234/ss@h/db",
    "postgresql://u:hidden#ss@h/db",
    "postgresql://u:1234#ss@h/db",
    "postgresql://u:hidden?ss@h/db",
    "postgresql://u:1234?ss=1@h/db",
    "postgresql://u:hidden%ss@h/db",
    "postgresql://u:hidden%00@h/db",
    "postgresql://u:hidden[ss@h/db",
    "postgresql://u:hidden\udcff@h/db",
    "postgresql://u:hunter2@h/db\n",
    "postgresql://hunter2:123456",
    "postgresql://u:hunter2@h:port/db",
    "postgresql://u:hunter2@h:0/db",
    "postgresql:///db?port=hunter2",
    "postgresql://u:hunter2@h/db?no_such_option=1",
    "postgresql://u:hunter2@h/db/more",
]


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_another_address_is_a_bad_setting_that_shows_no_part_of_it(url: str) -> None:
    with pytest.raises(BadSetting) as caught:
        database.check_url(url)
    assert str(caught.value) == database.ADDRESS_HINT


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_neither_connecting_nor_migrating_shows_a_part_of_a_bad_address(url: str) -> None:
    for start in (database.connect, database.migrate):
        with pytest.raises(BadSetting) as caught:
            start(url)
        assert str(caught.value) == database.ADDRESS_HINT
        assert caught.value.__context__ is None  # a trace would show it


def test_an_unreachable_database_is_away_and_says_so_without_the_password() -> None:
    with pytest.raises(DatabaseAway) as caught:
        database.connect("postgresql://u:hunter2@127.0.0.1:1/db")
    assert "hunter2" not in str(caught.value)


class Failed(psycopg2.OperationalError):
    """An error of a statement with the code that a test asks for."""

    pgcode = ""

    def __init__(self, code: str) -> None:
        super().__init__("as the test asked")
        self.pgcode = code


@pytest.mark.parametrize(
    "code",
    ["08006", "40P01", "53100", "53300", "53000", "55P03", "57014", "57P01", "58030", "25006"],
)
def test_what_tells_of_the_server_is_waited_for(code: str) -> None:
    with pytest.raises(DatabaseAway), database.database_errors():
        raise Failed(code)


@pytest.mark.parametrize("code", ["53200", "54000", "54001", "54011", "22008", "23514"])
def test_what_our_own_statement_asks_too_much_of_is_not_tried_for_ever(code: str) -> None:
    with pytest.raises(Failed), database.database_errors():
        raise Failed(code)
