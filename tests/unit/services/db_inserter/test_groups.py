"""What a group holds, and what is turned away before the database is touched."""

from dataclasses import replace

import msgspec
import pytest

from fairway.messages import Message
from fairway.records import Position, Safety
from fairway.testing import START, message
from fairway.topics import Stage
from services.db_inserter.groups import ForeignBody, days, open_batch, open_group

ENVELOPE = {"source": "test", "received_at": START, "time_source": "received", "mmsi": 219000001}
IMPORT = (
    b'{"kind":"import","content_hash":"ab12","source":"test","file":"day.nmea","bytes":10,"lines":2,"records":2,'
    b'"batches":1,"batch_prefix":"ab12-","published_at":"2026-01-02T03:04:05.000Z"}'
)


def position(event_time: str = START, **fields: object) -> Position:
    return msgspec.convert(
        {"kind": "position", **ENVELOPE, "event_time": event_time, "msg_type": 1, **fields}, Position
    )


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
    assert open_batch(filtered()).records == []


def test_the_days_are_those_of_positions() -> None:
    safety = Safety(**ENVELOPE, event_time="2020-05-05T00:00:00.000Z", msg_type=14)
    batches = [open_batch(filtered(position("2026-01-02T23:59:59.999Z"), position("2026-01-03T00:00:00.000Z"), safety))]
    assert days(batches) == {"2026-01-02", "2026-01-03"}


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
        open_batch(filtered(position(time)))
