"""The questions of docs/sql-cookbook.md have the answers that are written there."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.stage import Inserter
from tests.integration import cookbook
from tests.integration.db_inserter.queries import query

PAGE = (Path(__file__).parents[2] / "docs" / "sql-cookbook.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^\*\*(\d+)\. .*?```sql\n(.*?)```\n```\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)
PASSWORD = "secret"


@pytest.fixture(scope="module")
def analyst(migrated_url: str) -> Iterator[Connection]:
    """One who may only read, with the sample stored."""
    login = database.ensure_logins(migrated_url, {"analyst": PASSWORD})["analyst"]
    parts = urlsplit(migrated_url)
    url = urlunsplit(parts._replace(netloc=f"{login}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"))
    with closing(database.connect(migrated_url)) as owner:
        with closing(Inserter(migrated_url, ledger_days=14, partition_days_ahead=1)) as inserter:
            cookbook.fill(owner, inserter)
        owner.autocommit = True
        query(owner, "ANALYZE")
    with closing(database.connect(url)) as connection:
        connection.autocommit = True
        query(connection, "SET timezone = 'UTC'")
        yield connection


@pytest.mark.parametrize(("number", "question", "answer"), RECIPES, ids=[number for number, _, _ in RECIPES])
def test_a_question_has_its_answer(analyst: Connection, number: str, question: str, answer: str) -> None:
    rows = [" | ".join(map(_shown, row)) for row in query(analyst, question.strip().rstrip(";"))]
    assert "\n".join(rows) == answer.strip()


def test_the_page_has_so_many_questions_in_order() -> None:
    assert [int(number) for number, _, _ in RECIPES] == list(range(1, len(RECIPES) + 1))
    assert len(RECIPES) == PAGE.count("```sql")


def _shown(value: Any) -> str:
    """As psql shows it, but for blanks."""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00"
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)
