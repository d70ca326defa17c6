"""What a group holds, and what is turned away before the database is touched."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from fairway import columns
from fairway.clock import to_ms
from fairway.heard import HeardCopy, encode
from fairway.messages import Account, Message
from fairway.records import Decoded, Position, Safety, Static
from fairway.testing import START, message
from fairway.topics import Stage
from services.db_inserter import groups
from services.db_inserter.groups import NO_TIME, RECORDS_AT_ONCE, ForeignBody, Group, days, open_group
from services.db_inserter.labels import labels_of

ENVELOPE = {"source": "test", "received_at": START, "time_source": "received", "mmsi": 219000001}
IMPORT = (
    b'{"kind":"import","content_hash":"ab12","source":"test","file":"day.nmea","bytes":10,"lines":2,"records":2,'
    b'"batches":1,"batch_prefix":"ab12-","published_at":"2026-01-02T03:04:05.000Z"}'
)


COPY = HeardCopy(
    mmsi=1, msg_type=1, digest=7, kept_time=START, event_time=START, received_at=START, source="b", station="north"
)


def replace_copy(**fields: Any) -> HeardCopy:
    return msgspec.structs.replace(COPY, **fields)


def position(event_time: str = START, **fields: object) -> Position:
    return msgspec.convert({"kind": "position", **ENVELOPE, "event_time": event_time, "msg_type": 1} | fields, Position)


def filtered(*records: Decoded, id: str = "a/d/f") -> Message:
    return message(records, stage=Stage.FILTERED, id=id)


def event(key: str, body: bytes = IMPORT) -> Message:
    return replace(filtered(), key=key, body=body)


@pytest.fixture(params=[True, False], ids=["compiled", "one by one"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param and columns.compiled is None:
        pytest.skip("fairway.members is not compiled")
    if not request.param:
        monkeypatch.setattr(groups._READER, "_compiled", None)


def column(group: Group, kind: type, name: str) -> list[object]:
    return list(group.rows[kind][name].tolist())


def texts(group: Group, kind: type, name: str) -> list[str | None]:
    return [group.texts.text(number) if number >= 0 else None for number in group.rows[kind][name].tolist()]


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
    assert (batch.stored, batch.newest) == (0, NO_TIME)


def test_copies_for_another_tail_are_counted_and_no_batch() -> None:
    copy = replace(filtered(position(), position(), id="b/d/f@tankers"), is_copy=True)
    group = open_group([copy, filtered(position(mmsi=1))])
    assert ([batch.id for batch in group.batches], group.copied) == (["a/d/f"], 2)
    assert column(group, Position, "mmsi") == [1]


def test_who_heard_what_is_a_batch_of_which_no_record_is_counted() -> None:
    heard = Message("event.heard.test", "a/d/heard", encode([COPY, replace_copy(station=None)]), 2, Account(0), START)
    group = open_group([heard, filtered(position())])
    assert [(batch.id, batch.stored) for batch in group.batches] == [("a/d/f", 1), ("a/d/heard", 0)]
    assert group.heard["batch"].tolist() == [1, 1]
    assert group.heard["kept_time"].tolist() == [to_ms(START) * 1000] * 2
    assert [group.texts.text(number) if number >= 0 else None for number in group.heard["station"]] == ["north", None]


@pytest.mark.parametrize(
    "odd", [{"kept_time": "yesterday"}, {"mmsi": 1 << 40}, {"msg_type": 1 << 20}, {"digest": 1 << 63}], ids=str
)
def test_a_copy_heard_that_no_row_can_hold_is_turned_away(odd: dict[str, Any]) -> None:
    with pytest.raises((ForeignBody, msgspec.MsgspecError)):
        open_group([event("event.heard.test", encode([replace_copy(**odd)]))])


def test_the_days_are_those_of_positions() -> None:
    safety = Safety(**ENVELOPE, event_time="2020-05-05T00:00:00.000Z", msg_type=14)
    group = open_group([filtered(position("2026-01-02T23:59:59.999Z"), position("2026-01-03T00:00:00.000Z"), safety)])
    assert days(group) == {"2026-01-02", "2026-01-03"}
    assert column(group, Safety, "msg_type") == [14]


def test_every_position_knows_its_batch_and_every_batch_its_size_and_newest_time() -> None:
    usual, odd = position(mmsi=1), position("2026-01-02T03:04:06.000Z", mmsi=2, msg_type=19, name="ANNA")
    group = open_group([filtered(usual, odd), filtered(), replace(filtered(odd), body=filtered(odd).body.strip())])
    assert [batch.stored for batch in group.batches] == [2, 0, 1]
    positions = zip(column(group, Position, "mmsi"), column(group, Position, "batch"), strict=True)
    assert sorted(positions) == [(1, 0), (2, 0), (2, 2)]
    assert [batch.newest - to_ms(START) * 1000 for batch in group.batches][::2] == [1_000_000, 1_000_000]
    assert group.batches[1].newest == NO_TIME


def test_the_newest_of_a_batch_may_be_of_any_kind_and_read_in_any_way() -> None:
    later = Safety(**ENVELOPE, event_time="2026-01-02T03:04:07.000Z", text='say "so"')
    early = position("2026-01-02T03:04:01.000Z")
    group = open_group([filtered(position(), early, later), filtered(early, position(), early)])
    assert [batch.newest - to_ms(START) * 1000 for batch in group.batches] == [2_000_000, 0]


def test_what_a_position_says_of_who_the_ship_is_is_beside_static_data() -> None:
    batch = [
        position(mmsi=1, msg_type=19),
        position(mmsi=2),
        position(mmsi=3, name="ANNA"),
        position(mmsi=4, msg_type=19, dte=True),
    ]
    static = Static(**ENVELOPE, event_time=START, name="BERTA")
    group = open_group([filtered(), filtered(static, *batch)])
    assert group.batches[1].stored == 5
    assert (column(group, Static, "mmsi"), texts(group, Static, "name")) == ([ENVELOPE["mmsi"]], ["BERTA"])
    said = [group.static_of_positions[name].tolist() for name in ("mmsi", "dte", "batch", "line")]
    assert sorted(zip(*said, strict=True)) == [(1, -128, 1, 1), (3, -128, 1, 3), (4, 1, 1, 4)]


def test_postgresql_gets_no_nul() -> None:
    station, content = "st\0ation", {"a\0": ["b\0", {"c": "\0d"}], "n": 1.5}
    said = msgspec.convert({"kind": "binary", **ENVELOPE, "event_time": START, "content": content}, groups.AnyDecoded)
    backslash = msgspec.structs.replace(said, content={"a": "\\u0000"})
    group = open_group([filtered(position(station=station), said, backslash)])
    assert texts(group, type(said), "content") == ['{"a":["b",{"c":"d"}],"n":1.5}', '{"a":"\\\\u0000"}']
    assert [label.station for label in labels_of(group.labels, group.texts)] == ["station"]


def test_half_a_position_is_none() -> None:
    group = open_group([filtered(position(lon=1.0), position(lat=1.0), position(lon=1.0, lat=2.0))])
    nothing = -(1 << 31)
    assert column(group, Position, "lon") == [nothing, nothing, 10_000_000] == group.keys["lon"].tolist()
    assert column(group, Position, "lat") == [nothing, nothing, 20_000_000]


def test_blank_lines_are_no_records() -> None:
    sent = filtered(position())
    group = open_group([replace(sent, body=b"\n\n" + sent.body + b" \n"), sent])
    assert [batch.stored for batch in group.batches] == [1, 1]


@pytest.mark.parametrize(
    "fields", [{"msg_type": 99_999}, {"mmsi": 99_999_999_999}, {"sog": 1e300}, {"lon": 1000.5, "lat": 1.0}], ids=str
)
def test_a_value_that_its_column_cannot_hold_is_turned_away(fields: dict[str, object]) -> None:
    with pytest.raises(ForeignBody):
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
    static = Static(**ENVELOPE, event_time=START, eta=time)
    for record in position(time), position(received_at=time), static:
        with pytest.raises(ForeignBody):
            open_group([filtered(record)])


def test_what_is_left_in_several_pieces_is_all_there() -> None:
    many = [position(mmsi=number, station='"') for number in range(RECORDS_AT_ONCE + 1)]
    group = open_group([filtered(position(mmsi=7)), filtered(*many)])
    assert [batch.stored for batch in group.batches] == [1, len(many)]
    assert column(group, Position, "mmsi") == [7, *range(len(many))]
    assert column(group, Position, "batch") == [0] + [1] * len(many)
