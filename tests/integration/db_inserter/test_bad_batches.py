"""What is wrong with one batch stays with that batch."""

from dataclasses import replace

import pytest
from psycopg2.extensions import connection as Connection

from fairway import records
from fairway.errors import DatabaseAway
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position


@pytest.mark.parametrize(
    "body",
    [
        records.encode([position()]).replace(b'"lat":55.0', b'"lat":"abc"'),
        records.encode([position()]).replace(b"03:04:00.000Z", b"25:04:00.000Z"),
        records.encode([position()]).replace(b'"received_at":"2026-01-02', b'"received_at":"2026-02-31'),
        records.encode([position()]).replace(b'"msg_type":1', b'"msg_type":99999'),
        records.encode([position()]).replace(b'"mmsi":219000001', b'"mmsi":99999999999'),
        records.encode([position()]).replace(b"2026-01-02", b"1999-01-02"),
        b"not json\n",
    ],
    ids=[
        "text for a number",
        "impossible hour",
        "impossible day",
        "large type",
        "large mmsi",
        "before 2000",
        "not json",
    ],
)
def test_a_bad_record_is_an_error_of_its_batch_alone(db: Connection, inserter: Inserter, body: bytes) -> None:
    bad, good = replace(filtered(id="bad"), body=body), filtered(position(), id="good")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it must not be taken for a broken world
        inserter.handle([good, bad])
    assert not isinstance(caught.value, DatabaseAway)
    with pytest.raises(type(caught.value)):
        inserter.handle([bad])
    inserter.handle([good])
    assert query(db, "SELECT batch_id FROM ops.ledger") == [("good",)]
    assert value(db, "SELECT count(*) FROM ais.positions") == 1
