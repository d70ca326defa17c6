"""The questions of docs/sql-cookbook.md have the answers that are written there, by the indexes that are named there."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.local import ANALYST
from fairway.stack.local import LocalStack
from services.db_inserter.stage import Inserter
from tests.integration import cookbook, full_size, plans
from tests.integration.conftest import fresh_database
from tests.integration.db_inserter.queries import query
from tests.integration.logins import login_url

PAGE = (Path(__file__).parents[2] / "docs" / "sql-cookbook.md").read_text(encoding="utf-8")
RECIPES = re.findall(
    r"^\*\*(\d+)\. .*?```sql\n(.*?)```\n```\n(.*?)```\n^Plan: (.*?)\n\n", PAGE + "\n", re.DOTALL | re.MULTILINE
)
NUMBERS = [int(number) for number, *_ in RECIPES]
# Of what grows by the day nobody reads all unless the page says so; of ships there are some ten thousand.
GROWS = {"position_rows", "tracks", "positions_30min", "positions_12h", "vessel_days", "density", "static_reports"}


@pytest.fixture(scope="module")
def analyst(migrated_url: str) -> Iterator[Connection]:
    """One who may only read, with the sample stored."""
    url = login_url(migrated_url, "analyst")
    with closing(database.connect(migrated_url)) as owner:
        with closing(Inserter(migrated_url, ledger_days=14, partition_days_ahead=1)) as inserter:
            cookbook.fill(owner, inserter)
        owner.autocommit = True
        query(owner, "ANALYZE")
    with closing(database.connect(url)) as connection:
        connection.autocommit = True
        query(connection, "SET timezone = 'UTC'")
        yield connection


@pytest.fixture(scope="module")
def explained(stack: LocalStack, migrated: str) -> Iterator[Connection]:
    """The same one at a database of some size, who is told the plans."""
    with fresh_database(stack, migrated) as url:
        full_size.fill(url)
        login_url(url, "analyst")
        with closing(database.connect(url)) as connection:
            connection.autocommit = True
            plans.explain_to(connection)
            query(connection, f"SET SESSION AUTHORIZATION {ANALYST}")
            yield connection


@pytest.mark.parametrize(("question", "answer"), [recipe[1:3] for recipe in RECIPES], ids=NUMBERS)
def test_a_question_has_its_answer(analyst: Connection, question: str, answer: str) -> None:
    rows = [" | ".join(map(_shown, row)) for row in query(analyst, question)]
    assert "\n".join(rows) == answer.strip()


@pytest.mark.parametrize(("question", "plan"), [(recipe[1], recipe[3]) for recipe in RECIPES], ids=NUMBERS)
def test_a_question_is_answered_by_the_plan(explained: Connection, question: str, plan: str) -> None:
    said = re.findall(r"(index|all of|a day of) `(?:\w+\.)?(\w+)`", plan)
    assert said
    reads = plans.reads(explained, question)
    for how, name in said:
        if how == "index":
            assert name in reads.indexes
        else:
            assert reads.whole[name] == 1, f"{reads.whole[name]} of {full_size.DAYS} days are read"
    assert set(reads.whole) & GROWS <= {name for _, name in said}


def test_the_page_has_so_many_questions_in_order() -> None:
    assert list(range(1, len(RECIPES) + 1)) == NUMBERS
    assert len(RECIPES) == PAGE.count("```sql")


def test_the_table_of_contents_has_each_question() -> None:
    contents = PAGE[: PAGE.index("\n## ")]
    assert [int(number) for number in re.findall(r"[|·] (\d+) ", contents)] == NUMBERS


def test_the_table_of_contents_leads_to_each_part() -> None:
    links = re.findall(r"^\| \[.*?\]\(#(.*?)\)", PAGE, re.MULTILINE)
    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    assert links == [re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings]


def _shown(value: Any) -> str:
    """As psql shows it, but for blanks."""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00"
    if isinstance(value, timedelta):
        return str(datetime(1, 1, 1) + value)[11:].removesuffix("00000")  # of less than a day
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)
