"""The queries of the page about derived tables run."""

import re
from pathlib import Path

import pytest
from psycopg2.extensions import connection as Connection

from services.db_maintainer.changed import REACHES
from tests.integration.db_inserter.queries import query
from tests.integration.db_maintainer.queries import DERIVED

PAGE = (Path(__file__).parents[3] / "docs/derived-tables.md").read_text()
QUERIES = [
    each for block in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL) for each in block.split(";") if each.strip()
]


@pytest.mark.parametrize("statement", QUERIES)
def test_a_query_runs(db: Connection, statement: str) -> None:
    query(db, statement)


def test_every_derived_table_is_on_the_page() -> None:
    assert {*DERIVED, *REACHES} <= set(re.findall(r"\| `ais\.(\w+)` \|", PAGE))
