"""Routing keys, bindings and the topology table."""

import json
import re
from pathlib import Path

import pytest

from fairway import topics
from fairway.topics import BadTail, Stage

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("binding", "key", "caught"),
    [
        ("*.ais.#", "raw.ais.coastal.denmark", True),
        ("*.ais.#", "decoded.ais", True),
        ("*.ais.#", "event.import.x", False),
        ("decoded.#.denmark", "decoded.ais.coastal.denmark", True),
        ("decoded.#.denmark", "decoded.denmark", True),
        ("decoded.#.denmark", "decoded.ais.denmark.north", False),
        ("decoded.ais.coastal.*", "decoded.ais.coastal.denmark", True),
        ("decoded.ais.coastal.*", "decoded.ais.coastal.denmark.north", False),
        ("decoded.ais.coastal.*", "decoded.ais.coastal", False),
        ("#", "", True),
        ("a.#.#.b", "a.b", True),
    ],
)
def test_a_star_is_one_word_and_a_hash_any_number(binding: str, key: str, caught: bool) -> None:
    assert topics.matches(binding, key) is caught


def test_keys_are_made_and_taken_apart() -> None:
    key = topics.routing_key(Stage.DECODED, "coastal.denmark")
    assert key == "decoded.ais.coastal.denmark"
    assert topics.tail_of(key) == "coastal.denmark"
    assert topics.tail_of("event.import") == ""


@pytest.mark.parametrize("tail", ["", ".", "a..b", "A", "a b", "a.*", "a.#", "ä", "a" * 201])
def test_refuses_a_tail_that_could_not_be_bound(tail: str) -> None:
    with pytest.raises(BadTail):
        topics.check_tail(tail)


def test_every_stage_has_one_queue_that_catches_what_the_stage_before_gives() -> None:
    for stage, queue in ((Stage.RAW, "decoder"), (Stage.DECODED, "filter"), (Stage.FILTERED, "db_inserter")):
        key = topics.routing_key(stage, "coastal.denmark")
        catching = [q.name for q in topics.QUEUES if q.exchange == topics.EXCHANGE and _catches(q, key)]
        assert [name for name in catching if name != topics.RAW_LOG] == [queue]


def test_the_policy_bounds_all_queues_but_ours() -> None:
    [policy] = topics.definitions()["policies"]
    pattern = re.compile(policy["pattern"])
    assert not any(pattern.match(queue.name) for queue in topics.QUEUES)
    assert all(pattern.match(name) for name in ("mine", "decoder2", "tail.x", "my.decoder", "raw_log"))


def test_a_consumer_can_neither_read_change_nor_feed_our_queues() -> None:
    [consumer] = [user for user in topics.USERS if user.name == "consumer"]
    for queue in topics.QUEUES:
        for rule in (consumer.configure, consumer.write, consumer.read):
            assert not re.fullmatch(rule, queue.name)
    assert not re.fullmatch(consumer.write, topics.EXCHANGE)
    assert not re.fullmatch(consumer.write, "amq.default")
    assert re.fullmatch(consumer.read, topics.EXCHANGE)
    assert re.fullmatch(consumer.write, "my.queue")


def test_the_committed_definitions_are_the_generated_ones() -> None:
    committed = json.loads((ROOT / "deploy/rabbitmq/definitions.json").read_text())
    assert committed == topics.definitions(), "run `make definitions`"


def test_several_filters_have_a_queue_each_behind_a_consistent_hash_exchange() -> None:
    made = topics.definitions(partitions=3)
    [exchange] = [each for each in made["exchanges"] if each["name"] == topics.FILTER_EXCHANGE]
    assert (exchange["type"], exchange["arguments"]) == ("x-consistent-hash", {"hash-header": topics.PARTITION_HEADER})
    routes = {(each["source"], each["destination"], each["routing_key"]) for each in made["bindings"]}
    assert (topics.EXCHANGE, topics.FILTER_EXCHANGE, "decoded.ais.#") in routes
    assert {route for route in routes if route[0] == topics.FILTER_EXCHANGE} == {
        (topics.FILTER_EXCHANGE, f"filter.{part}", "1") for part in (1, 2, 3)
    }
    queues = {queue["name"]: queue["arguments"] for queue in made["queues"]}
    default = {queue["name"]: queue["arguments"] for queue in topics.definitions()["queues"]}
    assert set(queues) - set(default) == {"filter.1", "filter.2", "filter.3"}
    assert set(default) - set(queues) == {"filter"}
    assert all(queues[f"filter.{part}"] == default["filter"] for part in (1, 2, 3))


def test_the_queues_of_several_filters_are_as_closed_to_strangers_as_that_of_one() -> None:
    made = topics.definitions(partitions=2)
    rights = {each["user"]: each for each in made["permissions"]}
    assert re.fullmatch(rights["filter"]["read"], "filter.2")
    assert not re.fullmatch(rights["filter"]["read"], "decoder")
    for name in ("filter.1", "filter.2"):
        assert not re.match(made["policies"][0]["pattern"], name)
        assert not any(re.fullmatch(rights["consumer"][right], name) for right in ("configure", "write", "read"))
    assert not any(re.fullmatch(rights["consumer"][right], topics.FILTER_EXCHANGE) for right in ("configure", "write"))


def _catches(queue: topics.Queue, key: str) -> bool:
    return any(topics.matches(binding, key) for binding in queue.bindings)
