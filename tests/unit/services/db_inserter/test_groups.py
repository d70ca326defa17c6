"""What a group holds, and what is turned away before the database is touched."""

from dataclasses import replace

import msgspec
import pytest

from fairway.clock import to_ms
from fairway.messages import Message
from fairway.records import Position, Safety
from fairway.testing import START, message
from fairway.topics import Stage
from services.db_inserter.groups import BYTES_AT_ONCE, NO_TIME, ForeignBody, days, open_group
from services.db_inserter.position_rows import BadValue

ENVELOPE = {"source": "test", "received_at": START, "time_source": "received", "mmsi": 219000001}
IMPORT = (
    b'{"kind":"import","content_hash":"ab12","source":"test","file":"day.nmea","bytes":10,"lines":2,"records":2,'
    b'"batches":1,"batch_prefix":"ab12-","published_at":"2026-01-02T03:04:05.000Z"}'
)


def position(event_time: str = START, **fields: object) -> Position:
    return msgspec.convert({"kind": "position", **ENVELOPE, "event_time": event_time, "msg_type": 1} | fields, Position)


def filtered(*records: Position | Safety, id: str = "a/d/f") -> Message:
    return message(records, stage=Stage.FILTERED, id=id)


def event(key: str, body: bytes = IMPORT) -> Message:
    return replace(filtered(), key=key, body=body)


def test_a_group_has_batches_and_imports() -> None:
    group = open_group([filtered(position()), event("event.import.coastal.denmark")])
    assert [batch.id for batch in group.batches] == ["a/d/f"]
    assert [imported.file for imported in group.imports] == ["day.nmea"]


def test_an_event_of_an_unknown_kind_is_a_foreign_body() -> None:
    with pytest.raises(ForeignBody, match=r"event\.collision\.kiel"):
        open_group([filtered(position()), event("event.collision.kiel")])


@pytest.mark.parametrize("body", [b"", b"{}", b'{"kind":"import"}', b"\x00\xff"])
def test_an_import_that_is_not_one_is_turned_away(body: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
        open_group([event("event.import.test", body)])


def test_an_empty_batch_is_a_batch() -> None:
    (batch,) = open_group([filtered()]).batches
    assert (batch.records, batch.stored) == ([], 0)


def test_the_days_are_those_of_positions() -> None:
    safety = Safety(**ENVELOPE, event_time="2020-05-05T00:00:00.000Z", msg_type=14)
    group = open_group([filtered(position("2026-01-02T23:59:59.999Z"), position("2026-01-03T00:00:00.000Z"), safety)])
    assert days(group.positions) == {"2026-01-02", "2026-01-03"}
    assert group.batches[0].records == [safety]


def test_every_position_knows_its_batch_and_every_batch_its_size_and_newest_time() -> None:
    usual, odd = position(mmsi=1), position("2026-01-02T03:04:06.000Z", mmsi=2, msg_type=19, name="ANNA")
    group = open_group([filtered(usual, odd), filtered(), replace(filtered(odd), body=filtered(odd).body.strip())])
    assert [batch.stored for batch in group.batches] == [2, 0, 1]
    assert sorted(zip(group.positions.rows["mmsi"], group.positions.batch, strict=True)) == [(1, 0), (2, 0), (2, 2)]
    assert [batch.newest - to_ms(START) * 1000 for batch in group.batches][::2] == [1_000_000, 1_000_000]
    assert group.batches[1].newest == NO_TIME


def test_blank_lines_are_no_records() -> None:
    sent = filtered(position())
    group = open_group([replace(sent, body=b"\n\n" + sent.body + b" \n"), sent])
    assert [batch.stored for batch in group.batches] == [1, 1]


@pytest.mark.parametrize(
    "fields", [{"msg_type": 99_999}, {"mmsi": 99_999_999_999}, {"sog": 1e300}, {"lon": 1000.5, "lat": 1.0}], ids=str
)
def test_a_value_that_its_column_cannot_hold_is_turned_away(fields: dict[str, object]) -> None:
    with pytest.raises(BadValue):
        open_group([filtered(position(**fields))])


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.123+01:00",
        "2026-13-02T03:04:05.000Z",
        "2026-01-02T25:04:05.000Z",
        "infinity",
        "",
    ],
)
def test_a_time_of_another_form_is_turned_away(time: str) -> None:
    with pytest.raises(ForeignBody):
        open_group([filtered(position(time))])


def test_a_body_that_is_read_in_pieces_keeps_every_record() -> None:
    many = [position(mmsi=number, msg_type=1 + number % 3) for number in range(4000)]
    sent = filtered(*many, position(msg_type=19))
    assert len(sent.body) > BYTES_AT_ONCE
    group = open_group([filtered(position(mmsi=7)), sent])
    assert [batch.stored for batch in group.batches] == [1, 4001]
    assert group.positions.rows["mmsi"].tolist() == [7, *range(4000), 219000001]
    assert group.positions.batch.tolist() == [0] + [1] * 4001
