"""Records that a provider had decoded already: from ingest past the decoder, by RabbitMQ, into the database."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from threading import Event

import pytest
from psycopg2.extensions import connection as Connection

from fairway import records
from fairway.broker import RabbitBroker
from fairway.messages import Account, Message
from fairway.records import AnyDecoded, Aton, BaseStation, Rejected, Safety, SarAircraft
from fairway.topics import Stage, routing_key
from services.db_inserter.stage import Inserter
from services.filter import rule_file
from services.filter.judge import Filter
from services.filter.stage import FilterStage
from services.ingest.waiting import DatabaseLedger, Outcome, wait
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import ENVELOPE, TIME, position, static

PREFIX = "0f1e2d"
ROWS = [
    position(0, msg_type=None, ais_class="B", time_shift=-3.5),
    position(0, msg_type=None, ais_class="B", station="another"),  # the same row in a second archive
    position(1, msg_type=None, lat=None, lon=None),
    static(1, msg_type=None, name="ANNA", length=24.0, width=6.5),
    BaseStation(**ENVELOPE, mmsi=2190047, lon=10.0, lat=55.0),
    Aton(**ENVELOPE, mmsi=992190001, name="SPAR", lon=10.0, lat=55.0),
    SarAircraft(**ENVELOPE, mmsi=111219001, lon=10.0, lat=55.0),
    Safety(**ENVELOPE, mmsi=219000001, text="MAYDAY"),
]
REJECTED = [
    Rejected(**ENVELOPE, sentences=("0,2026-01-02", "no ship"), reason="bad_mmsi"),
    Rejected(**ENVELOPE, sentences=("219000001,yesterday",), reason="bad_time"),
]


class NobodyDied:
    def accounts(self) -> dict[str, Account]:
        return {}


def as_ingest_publishes(rows: list[AnyDecoded], rejected: list[Rejected], number: int = 1) -> list[Message]:
    """The rejected rows beside, and the decoded batch under the id of no earlier stage, with the account of both."""
    counts = {record.reason: 1 for record in rejected}
    account = Account(len(rows) + len(rejected), rejected=counts)
    key, id = routing_key(Stage.DECODED, "test.a"), f"{PREFIX}-{number:06}"
    decoded = Message(key, id, records.encode(rows), len(rows), account, TIME)
    aside = decoded.derive(Stage.REJECTED, records.encode(rejected), len(rejected), Account(len(rejected)))
    return [aside, decoded]


@pytest.fixture
def brokers(amqp_url: str) -> Iterator[tuple[RabbitBroker, RabbitBroker, RabbitBroker]]:
    """Ingest's connection, the filter's and the inserter's."""
    with ExitStack() as stack:
        found = (
            RabbitBroker(amqp_url),
            RabbitBroker(amqp_url, queue="filter"),
            RabbitBroker(amqp_url, queue="db_inserter"),
        )
        for broker in found:
            broker.connect()
            stack.enter_context(closing(broker))
        yield found


def pump(brokers: tuple[RabbitBroker, RabbitBroker, RabbitBroker], sent: list[Message], inserter: Inserter) -> None:
    """Publish, then filter and store what the queues give."""
    ingest, filtering, inserting = brokers
    for message in sent:
        ingest.publish(message)
    stage = FilterStage(Filter(rule_file.read("default")))
    decoded = [message for message in sent if message.key.startswith("decoded.")]
    for _ in decoded:
        delivery = filtering.take(5)
        assert delivery is not None
        for output in stage.handle([delivery.message]):
            filtering.publish(output)
        stage.commit()
        filtering.ack([delivery])
    for _ in decoded:
        delivery = inserting.take(5)
        assert delivery is not None
        inserter.handle([delivery.message])
        inserting.ack([delivery])


def test_a_decoded_batch_is_stored_and_its_account_closes(
    db: Connection, inserter: Inserter, brokers: tuple[RabbitBroker, RabbitBroker, RabbitBroker]
) -> None:
    pump(brokers, as_ingest_publishes(ROWS, REJECTED), inserter)
    assert query(db, "SELECT batch_id, received, stored, rejected, dropped FROM ops.ledger") == [
        (f"{PREFIX}-000001/f", 10, 7, {"bad_mmsi": 1, "bad_time": 1}, {"duplicate": 1})
    ]
    assert query(db, "SELECT msg_type, ais_class, time_shift FROM ais.positions ORDER BY event_time") == [
        (None, "B", -3.5),
        (None, None, None),
    ]
    assert query(db, "SELECT name, length, width, ais_class, msg_type FROM ais.static_reports") == [
        ("ANNA", 24.0, 6.5, None, None)
    ]
    for table in "base_station_reports", "aton_reports", "sar_aircraft_positions", "safety_messages":
        assert value(db, f"SELECT count(*) FROM ais.{table} WHERE msg_type IS NULL") == 1


def test_whoever_waits_for_decoded_batches_sees_every_record_accounted_for(
    db: Connection,
    inserter: Inserter,
    brokers: tuple[RabbitBroker, RabbitBroker, RabbitBroker],
    owner_url: str,
) -> None:
    sent = [*as_ingest_publishes(ROWS, REJECTED), *as_ingest_publishes([], REJECTED, number=2)]
    pump(brokers, sent, inserter)
    told: list[Outcome] = []
    with closing(DatabaseLedger(owner_url)) as ledger:
        outcome = wait({PREFIX: 12}, ledger, NobodyDied(), Event(), 5, told.append)
    assert outcome == Outcome(12, 7, 0, {"duplicate": 1}, {"bad_mmsi": 2, "bad_time": 2})
    assert outcome.outstanding == 0
