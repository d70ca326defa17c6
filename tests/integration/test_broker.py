"""RabbitMQ for real: our verbs, our topology, and strangers that must not stall the pipeline."""

from contextlib import closing
from dataclasses import replace
from typing import Any

import pika
import pika.exceptions
import pytest

from fairway import topics
from fairway.broker import RabbitBroker, connection_parameters
from fairway.errors import BrokerAway, Refused
from fairway.stack.local import LocalStack
from fairway.testing import message
from fairway.topics import Stage


def channel_of(url: str) -> Any:
    return pika.BlockingConnection(connection_parameters(url, "test")).channel()


def test_a_batch_travels_from_publish_to_acknowledgement(amqp_url: str) -> None:
    sender, taker = RabbitBroker(amqp_url), RabbitBroker(amqp_url, queue="filter", prefetch=5)
    sent = message([], stage=Stage.DECODED, tail="coastal.denmark", id="root/d")
    sender.connect()
    taker.connect()
    sender.publish(sent)
    delivery = taker.take(5)
    assert delivery is not None
    assert delivery.message == sent
    taker.ack([delivery])
    taker.close()
    taker.connect()
    assert taker.take(0.2) is None
    sender.close()
    taker.close()


def test_what_is_not_acknowledged_comes_again(amqp_url: str) -> None:
    sender, taker = RabbitBroker(amqp_url), RabbitBroker(amqp_url, queue="filter")
    sender.connect()
    sender.publish(message([], id="x"))
    for _ in range(2):
        taker.connect()
        delivery = taker.take(5)
        assert delivery is not None
        assert delivery.message.id == "x"
    taker.ack([delivery])
    taker.close()
    sender.close()


@pytest.mark.parametrize(
    ("acknowledged", "again"), [((0, 1, 2), []), ((0, 1), ["2"]), ((1, 2), ["0"]), ((2,), ["0", "1"])]
)
def test_only_what_is_acknowledged_is_done_with(amqp_url: str, acknowledged: tuple[int, ...], again: list[str]) -> None:
    with closing(RabbitBroker(amqp_url)) as sender, closing(RabbitBroker(amqp_url, queue="filter")) as taker:
        sender.connect()
        for number in range(3):
            sender.publish(message([], id=str(number)))
        taker.connect()
        taken = [taker.take(5) for _ in range(3)]
        taker.ack([taken[number] for number in acknowledged])  # type: ignore[misc]
        taker.connect()
        left = [taker.take(5) for _ in again]
        assert [delivery and delivery.message.id for delivery in left] == again
        assert taker.take(0.2) is None
        taker.ack(left)  # type: ignore[arg-type]


def test_a_batch_given_back_too_often_is_dead_under_its_own_key(amqp_url: str) -> None:
    broker = RabbitBroker(amqp_url, queue="filter")
    broker.connect()
    broker.publish(message([], tail="coastal.denmark", id="poison"))
    for _ in range(topics.DELIVERY_LIMIT + 1):
        delivery = broker.take(5)
        assert delivery is not None
        broker.give_back(delivery)
    assert broker.take(0.3) is None
    broker.close()
    dead = RabbitBroker(amqp_url, queue=topics.DEAD_QUEUE)
    dead.connect()
    delivery = dead.take(5)
    assert delivery is not None
    assert (delivery.message.id, delivery.message.key) == ("poison", "decoded.ais.coastal.denmark")
    dead.ack([delivery])
    dead.close()


def test_wildcards_catch_what_the_documentation_says(amqp_url: str) -> None:
    bindings = ["decoded.#.denmark", "*.ais.#", "decoded.ais.coastal.*"]
    keys = ["raw.ais.sat.world", "decoded.ais.coastal.denmark", "decoded.ais.sat.denmark", "decoded.ais.coastal.norway"]
    channel = channel_of(amqp_url)
    for binding in bindings:
        channel.queue_declare(f"tail.{binding}", exclusive=True)
        channel.queue_bind(f"tail.{binding}", topics.EXCHANGE, binding)
    sender = RabbitBroker(amqp_url)
    sender.connect()
    for key in keys:
        stage, _, tail = key.split(".", 2)
        sender.publish(message([], stage=Stage(stage), tail=tail, id=key))
    heard = {binding: _drain(channel, f"tail.{binding}") for binding in bindings}
    assert heard == {
        "decoded.#.denmark": [keys[1], keys[2]],
        "*.ais.#": keys,
        "decoded.ais.coastal.*": [keys[1], keys[3]],
    }
    channel.connection.close()
    sender.close()


@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_a_queue_that_nobody_reads_loses_its_oldest_and_never_stalls_the_pipeline(
    stack: LocalStack, amqp_url: str, kind: str
) -> None:
    stranger = channel_of(stack.amqp_url("consumer"))
    stranger.queue_declare("stranger.slow", durable=True, arguments={"x-queue-type": kind})
    stranger.queue_bind("stranger.slow", topics.EXCHANGE, "rejected.#")
    sender, mebibyte = RabbitBroker(amqp_url), b"x" * (1 << 20)
    sender.connect()
    many = topics.STRANGER_MAX_BYTES // len(mebibyte) + 40
    for number in range(many):
        batch = message([], stage=Stage.REJECTED, id=f"b{number}")
        sender.publish(replace(batch, body=mebibyte))  # would raise Refused
    left = stranger.queue_declare("stranger.slow", passive=True).method.message_count
    _method, properties, _body = stranger.basic_get("stranger.slow", auto_ack=True)
    assert 0 < left < many
    assert properties.message_id not in ("b0", "b1")
    stranger.queue_delete("stranger.slow")
    stranger.connection.close()
    sender.close()


def test_only_queues_that_are_not_ours_are_under_the_policy(stack: LocalStack, amqp_url: str) -> None:
    owner = channel_of(stack.amqp_url("consumer"))
    owner.queue_declare("stranger.bounded", durable=True)
    shown = stack.rabbitmq.control("--silent", "list_queues", "--no-table-headers", "name", "policy")
    policies = dict(line.split("\t", 1) for line in shown.splitlines())
    assert policies.pop("stranger.bounded") == "strangers-are-bounded"
    assert {name: policies[name].strip() for name in policies} == dict.fromkeys((q.name for q in topics.QUEUES), "")
    owner.queue_delete("stranger.bounded")
    owner.connection.close()


@pytest.mark.parametrize(
    ("user", "act"),
    [
        ("consumer", lambda channel: channel.basic_consume("filter", lambda *_: None)),
        ("consumer", lambda channel: channel.queue_delete("filter")),
        ("consumer", lambda channel: channel.queue_purge("filter")),
        ("consumer", lambda channel: channel.basic_publish(topics.EXCHANGE, "decoded.ais.x", b"")),
        ("consumer", lambda channel: channel.basic_publish("", "filter", b"")),
        ("decoder", lambda channel: channel.basic_consume("filter", lambda *_: None)),
        ("db_inserter", lambda channel: channel.basic_publish(topics.EXCHANGE, "decoded.ais.x", b"")),
    ],
)
def test_a_user_can_do_its_own_work_only(stack: LocalStack, amqp_url: str, user: str, act: Any) -> None:
    channel = channel_of(stack.amqp_url(user))
    channel.confirm_delivery()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
        act(channel)
    channel.connection.close()


def test_a_full_queue_of_ours_refuses_and_loses_nothing(stack: LocalStack, amqp_url: str) -> None:
    """A policy makes the filter's queue tiny for the moment; in operation it is bounded by bytes in just this way."""
    stack.rabbitmq.control("set_policy", "tiny", "^filter$", '{"max-length": 2}', "--apply-to", "queues")
    sender = RabbitBroker(amqp_url)
    sender.connect()
    try:
        accepted = _publish_until_refused(sender)
        with closing(channel_of(amqp_url).connection) as connection:
            assert len(_drain(connection.channel(), "filter")) == accepted
    finally:
        stack.rabbitmq.control("clear_policy", "tiny")
        sender.close()


def test_a_batch_that_no_queue_takes_is_refused_rather_than_lost(amqp_url: str) -> None:
    sender = RabbitBroker(amqp_url)
    sender.connect()
    with pytest.raises(Refused, match="no queue takes nowhere"):
        sender.publish(replace(message([]), key="nowhere.at.all"))
    sender.publish(message([], stage=Stage.REJECTED))  # but these are for whoever cares to listen
    sender.close()


def test_an_absent_broker_is_away() -> None:
    with pytest.raises(BrokerAway):
        RabbitBroker("amqp://guest:guest@127.0.0.1:1/").connect()


def _publish_until_refused(sender: RabbitBroker) -> int:
    for number in range(50):
        try:
            sender.publish(message([], id=f"b{number}"))
        except Refused:
            return number
    pytest.fail("nothing was refused")


def _drain(channel: Any, queue: str) -> list[str]:
    ids = []
    while True:
        method, properties, _body = channel.basic_get(queue, auto_ack=True)
        if method is None:
            return ids
        ids.append(properties.message_id)
