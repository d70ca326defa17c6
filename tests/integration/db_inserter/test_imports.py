"""Files that were read to their end, and events that are not ours."""

import json
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from psycopg2.extensions import connection as Connection

from fairway.messages import Account, Message
from services.db_inserter.groups import ForeignBody
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import TIME, filtered, position

IMPORT = {
    "kind": "import",
    "content_hash": "ab12",
    "source": "test.a",
    "file": "day.nmea.gz",
    "bytes": 3_000_000_000,
    "lines": 12,
    "records": 10,
    "batches": 1,
    "batch_prefix": "ab12-",
    "published_at": TIME,
}


def imported(**fields: object) -> Message:
    body = json.dumps({**IMPORT, **fields}).encode() + b"\n"
    return Message("event.import.test.a", f"import-{uuid4()}", body, 1, Account(1), TIME)


def test_an_import_is_a_row_once_for_each_content_and_source(db: Connection, inserter: Inserter) -> None:
    inserter.handle([imported(), filtered(position()), imported(file="again.nmea")])
    inserter.handle([imported(source="test.b")])
    columns = ", ".join(name for name in IMPORT if name != "kind")
    rows = query(db, f"SELECT {columns} FROM ops.imports ORDER BY source")
    first = tuple(v for name, v in IMPORT.items() if name not in ("kind", "published_at"))
    assert rows[0] == (*first, datetime.fromisoformat(TIME))
    assert [row[1] for row in rows] == ["test.a", "test.b"]
    assert query(db, "SELECT batch_id FROM ops.ledger") == [("a/d/f",)]


def test_an_unknown_event_is_a_foreign_body_and_writes_nothing(db: Connection, inserter: Inserter) -> None:
    with pytest.raises(ForeignBody):
        inserter.handle([filtered(position()), replace(imported(), key="event.collision.kiel")])
    assert value(db, "SELECT count(*) FROM ops.ledger") == 0
