"""Which indexes and tables PostgreSQL reads to answer a question, partitions by the names of their parents."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from psycopg2.extensions import connection as Connection

from tests.integration.db_inserter.queries import query

# Plans of functions too that are not put into the question that calls them, which EXPLAIN does not show.
_EXPLAIN = """
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0;
    SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_format = json;
    SET client_min_messages = log
"""
_PARENTS = """
    SELECT child.relname, parent.relname
    FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
"""
_EMPTY = "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) = 0"


@dataclass(frozen=True)
class Reads:
    """What plans read: indexes, and for each table of which all rows are read, of how many partitions."""

    indexes: set[str] = field(default_factory=set)
    whole: Counter[str] = field(default_factory=Counter)


def explain_to(connection: Connection) -> None:
    """Let the server tell this connection the plan of all that it asks. Only a superuser may."""
    query(connection, _EXPLAIN)


def reads(connection: Connection, question: str) -> Reads:
    """What is read for a question of one to whom plans are told."""
    parents = dict(query(connection, _PARENTS))
    empty = {name for (name,) in query(connection, _EMPTY)}
    del connection.notices[:]
    query(connection, question)
    found, tables = Reads(), set[str]()
    for notice in connection.notices:
        if plan := re.search(r"plan:\n(\{.*\})", notice, re.DOTALL):
            for node in _nodes(json.loads(plan[1])["Plan"]):
                if "Index Name" in node:
                    found.indexes.add(parents.get(node["Index Name"], node["Index Name"]))
                elif node["Node Type"] == "Seq Scan":
                    tables.add(node["Relation Name"])
    found.whole.update(parents.get(table, table) for table in tables - empty)
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
