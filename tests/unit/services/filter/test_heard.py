"""Who heard a transmission besides: told of the copies that are dropped, where a rule is asked to."""

from fairway import heard
from fairway.clock import to_ms, to_text
from fairway.heard import HeardCopy
from fairway.messages import Account
from fairway.testing import START, message
from services.filter.stage import FilterStage

DUPLICATE = {"rule": "duplicate", "heard": True}


def _at(seconds: float) -> str:
    return to_text(to_ms(START) + round(seconds * 1000))


def test_each_copy_tells_who_heard_which_transmission_and_when(a_filter, position, static):
    stage = FilterStage(a_filter({"rule": "area", "boxes": [[9, 54, 11, 56]]}, DUPLICATE))
    first, other = position(digest=7, station="a"), position(0.5, mmsi=219000002, digest=7)
    copies = [position(1, digest=7, station="b"), position(2, digest=7, source="aishub")]
    far = position(lon=1.0, digest=9)
    output = stage.handle([message([far, first, other, *copies], tail="coastal.denmark", id="x/d")])
    batch, told = output
    assert (batch.records, dict(batch.account.dropped)) == (2, {"area": 1, "duplicate": 2})
    assert (told.key, told.id, told.records) == ("event.heard.coastal.denmark", "x/d/heard", 2)
    assert told.account == Account(0)
    usual = {"mmsi": 219000001, "msg_type": 1, "digest": 7, "kept_time": _at(0), "received_at": START}
    assert heard.decode(told.body) == [
        HeardCopy(**usual, event_time=_at(1), source="test", station="b"),
        HeardCopy(**usual, event_time=_at(2), source="aishub"),
    ]


def test_a_copy_in_a_later_batch_tells_of_the_report_that_was_kept_before(a_filter, position):
    stage = FilterStage(a_filter(DUPLICATE))
    stage.handle([message([position(digest=7)], id="x")])
    stage.commit()
    _, told = stage.handle([message([position(4, digest=7)], id="y")])
    [copy] = heard.decode(told.body)
    assert (copy.kept_time, copy.event_time) == (_at(0), _at(4))


def test_a_row_of_two_archives_has_neither_digest_nor_type(a_filter, position):
    row = position(msg_type=None)
    _, told = FilterStage(a_filter(DUPLICATE)).handle([message([row, row])])
    [copy] = heard.decode(told.body)
    assert (copy.digest, copy.msg_type, copy.kept_time) == (None, None, _at(0))


def test_nothing_is_told_without_copies_or_of_copies_that_are_kept_or_unless_asked(a_filter, position):
    twice = [position(digest=7), position(1, digest=7)]
    for rule, reports in (
        (DUPLICATE, twice[:1]),
        ({"rule": "duplicate"}, twice),
        ({**DUPLICATE, "action": "flag"}, twice),
    ):
        assert len(FilterStage(a_filter(rule)).handle([message(reports)])) == 1


def test_nothing_is_told_again_in_a_batch_that_the_rule_does_not_see(a_filter, position):
    stage = FilterStage(a_filter({"rule": "area", "boxes": [[9, 54, 11, 56]]}, DUPLICATE))
    assert len(stage.handle([message([position(digest=7), position(1, digest=7)], id="x")])) == 2
    assert len(stage.handle([message([position(lon=1.0)], id="y")])) == 1


def test_a_batch_that_is_tried_again_tells_the_same(a_filter, position):
    stage, batch = FilterStage(a_filter(DUPLICATE)), message([position(digest=7), position(1, digest=7)])
    assert stage.handle([batch]) == stage.handle([batch])
