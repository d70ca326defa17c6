"""One batch shared out among several filters."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import records, topics
from fairway.messages import Account, Message, from_wire
from fairway.partitioning import split
from fairway.records import AnyDecoded, Binary, Position, Static
from fairway.topics import PARTITIONS, Stage

TIME = "2026-01-02T03:04:05.000Z"
TEXTS = st.text(max_size=12) | st.sampled_from(['"mmsi":1,', "mmsi", '\\"mmsi\\":5', "\n"])


def position(mmsi: int, **more: object) -> Position:
    return Position(
        source="a.b", event_time=TIME, received_at=TIME, time_source="received", mmsi=mmsi, msg_type=1, **more
    )


def batch(body: bytes, *, account: Account | None = None, key: str = "decoded.ais.a.b", id: str = "root/d") -> Message:
    lines = body.count(b"\n")
    return Message(key, id, body, lines, account or Account(lines), TIME)


mmsis = st.integers(0, (1 << 30) - 1)
vessels = st.builds(position, mmsis, lon=st.none() | st.floats(-180, 180), name=st.none() | TEXTS, station=TEXTS)
origin = {
    "source": st.just("a.b"),
    "event_time": st.just(TIME),
    "received_at": st.just(TIME),
    "time_source": st.just("provider"),
    "mmsi": mmsis,
}
statics = st.builds(
    Static,
    **origin,
    name=TEXTS,
)
binaries = st.builds(
    Binary,
    **origin,
    dest_mmsi=mmsis,
    content=st.dictionaries(st.sampled_from(["mmsi", "name"]), mmsis | TEXTS),
)


@given(st.lists(vessels | statics | binaries, max_size=40), st.integers(2, topics.MOST_PARTITIONS), st.integers(0, 3))
def test_every_record_is_in_one_part_and_each_vessel_in_one_part_in_order(
    batch_of: list[AnyDecoded], partitions: int, rejected: int
) -> None:
    whole = batch(records.encode(batch_of), account=Account(len(batch_of) + rejected, {"checksum": rejected}))
    parts = split(whole, partitions)
    found = [(record, part.partition) for part in parts for record in records.decode_decoded(part.body)]
    assert Counter(repr(record) for record, _part in found) == Counter(map(repr, batch_of))
    for mmsi in {record.mmsi for record in batch_of}:
        assert len({part for record, part in found if record.mmsi == mmsi}) == 1
        assert [r for r, _part in found if r.mmsi == mmsi] == [r for r in batch_of if r.mmsi == mmsi]


@given(st.lists(vessels, max_size=20), st.integers(2, topics.MOST_PARTITIONS), st.integers(0, 3), st.integers(0, 3))
def test_the_accounts_of_the_parts_add_up_to_the_batchs(
    batch_of: list[AnyDecoded], partitions: int, rejected: int, dropped: int
) -> None:
    account = Account(len(batch_of) + rejected + dropped, {"checksum": rejected}, {"area": dropped})
    parts = split(batch(records.encode(batch_of), account=account), partitions)
    assert sum(part.account.received for part in parts) == account.received
    assert sum(part.account.rejected.get("checksum", 0) for part in parts) == rejected
    assert sum(part.account.dropped.get("area", 0) for part in parts) == dropped
    assert all(part.account.remaining == part.records == part.body.count(b"\n") for part in parts)


def test_the_same_batch_gives_the_same_parts_with_ids_that_follow_from_its_own() -> None:
    whole = batch(records.encode(position(mmsi) for mmsi in range(219_000_000, 219_000_050)))
    parts = split(whole, 3)
    assert parts == split(whole, 3)
    assert [(part.id, part.partition, part.root_id) for part in parts] == [
        (f"root/d/p{number}of3", PARTITIONS[number - 1], "root") for number in (1, 2, 3)
    ]
    assert parts[0].derive(Stage.FILTERED, b"", 0, parts[0].account).id == "root/d/p1of3/f"
    assert {part.key for part in parts} == {whole.key}


def test_a_batch_without_records_still_hands_its_account_on() -> None:
    account = Account(2, {"checksum": 2})
    [part] = split(batch(b"", account=account), 4)
    assert (part.body, part.records, part.account) == (b"", 0, account)


def test_one_vessel_makes_one_part() -> None:
    [part] = split(batch(records.encode([position(219_000_001)] * 3), account=Account(4, {"armour": 1})), 8)
    assert (part.records, part.account) == (3, Account(4, {"armour": 1}))


@pytest.mark.parametrize("key", ["raw.ais.a.b", "rejected.ais.a.b", "event.import.a.b"])
def test_what_is_not_decoded_goes_whole(key: str) -> None:
    message = batch(b'{"mmsi":1,"x":2}\n{"mmsi":2,"x":2}\n', key=key)
    assert split(message, 4) == (message,)


def test_for_one_filter_a_batch_stays_as_it_is() -> None:
    message = batch(records.encode([position(1), position(2)]))
    assert split(message, 1) == (message,)


@pytest.mark.parametrize(
    "line", [b'{"x":1,"mmsi":219000001}', b'{ "mmsi" : 219000001 , "x":1}', b'{"\\u006dmsi":219000001,"x":1}']
)
def test_a_line_of_another_form_goes_where_its_vessel_goes(line: bytes) -> None:
    [ours], [other] = split(batch(records.encode([position(219_000_001)])), 8), split(batch(line + b"\n"), 8)
    assert other.partition == ours.partition


@given(st.lists(st.binary(max_size=30) | st.sampled_from([b'{"mmsi":', b'"mmsi":12', b'{"mmsi":12345678901,"a":1}'])))
def test_no_body_breaks_it_and_no_line_is_lost(lines: list[bytes]) -> None:
    body = b"\n".join(line.replace(b"\n", b"") for line in lines)
    parts = split(batch(body), 3)
    assert sorted(b"".join(part.body for part in parts).split(b"\n")[:-1]) == sorted(
        body.removesuffix(b"\n").split(b"\n") if body else []
    )


def test_vessels_are_shared_out_evenly_also_when_their_numbers_end_alike() -> None:
    for step in (1, 10, 1000, 2048):
        fleet = records.encode(position(200_000_000 + number * step) for number in range(4000))
        for partitions in range(2, topics.MOST_PARTITIONS + 1):
            shares = [part.records for part in split(batch(fleet), partitions)]
            assert len(shares) == partitions
            assert min(shares) > 0.8 * len(fleet.splitlines()) / partitions


def test_the_part_survives_the_wire() -> None:
    [part] = split(batch(records.encode([position(1)])), 2)
    assert part.headers()["partition"] == part.partition
    assert from_wire(part.key, part.id, part.headers(), part.body) == part
    assert part.derive(Stage.FILTERED, b"", 0, part.account).partition == ""
