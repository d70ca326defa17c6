"""Rules that change while the filter runs: used when they are right, refused when not, and memory is kept where it can be."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from fairway import records, telemetry
from fairway.flags import BITS
from fairway.testing import message
from services.filter import reload
from services.filter import stage as stage_module
from services.filter.journal import Journal
from services.filter.reload import ReloadingStage

DUPLICATE, THIN = "{rule: duplicate}", "{rule: redundant, seconds: 60}"
SLOW = "{rule: expression, where: sog < 5}"
TRACK_ERROR = "{rule: redundant, positions: track_error, hold_seconds: 100000}"


class Running:
    """A filter with a rules file in a folder."""

    def __init__(self, folder: Path, *rules: str) -> None:
        self._folder = folder
        self.asked = Event()
        self.file = folder / "rules.yaml"
        self.write(*rules)
        self.start()

    def start(self, name: str = "") -> None:
        self.journal = Journal(self._folder / "state", lock_seconds=0)
        self.stage = ReloadingStage(name or str(self.file), self.journal, self.asked)

    def again(self) -> None:
        self.journal.close()
        self.start()

    def write(self, *rules: str) -> None:
        self.file.write_text(f"rules: [{', '.join(rules)}]")

    def ask(self) -> None:
        """What SIGHUP and the worker do."""
        self.asked.set()
        self.stage.due()

    def kept(self, *reports: records.AnyDecoded, id: str, tail: str = "test") -> list[records.AnyDecoded]:
        """What is published of a batch."""
        outputs = self.stage.handle([message(reports, id=id, tail=tail)])
        self.stage.commit()
        return records.decode_decoded(outputs[0].body)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Running]]:
    monkeypatch.setattr(reload, "LOOK_SECONDS", 0)
    monkeypatch.setattr(stage_module, "LOOK_SECONDS", -1)
    begun: list[Running] = []

    def begin(*rules: str) -> Running:
        begun.append(Running(tmp_path, *rules))
        return begun[-1]

    yield begin
    for each in begun:
        each.journal.close()


def _outcomes() -> dict[str, float]:
    return {name: telemetry.rule_reloads.labels(name)._value.get() for name in ("used", "refused")}


def _active() -> set[tuple[str, ...]]:
    return {tuple(sample.labels.values()) for metric in telemetry.rules_version.collect() for sample in metric.samples}


def test_other_rules_are_used_from_the_next_batch(running, position) -> None:
    filter_, before = running(DUPLICATE), _outcomes()
    assert len(filter_.kept(position(sog=1.0), id="b1")) == 1
    filter_.write(DUPLICATE, SLOW)
    assert filter_.kept(position(100, sog=1.0), id="b2"), "not before it is asked between batches"
    filter_.ask()
    assert not filter_.kept(position(200, sog=1.0), id="b3")
    assert _outcomes() == {**before, "used": before["used"] + 1}


def test_a_change_is_taken_up_by_itself_once_the_writer_is_done(running, position) -> None:
    filter_ = running(DUPLICATE)
    filter_.write(DUPLICATE, SLOW)
    filter_.stage.due()
    assert filter_.kept(position(sog=1.0), id="b1"), "it may still be being written"
    filter_.stage.due()
    assert not filter_.kept(position(100, sog=1.0), id="b2")


def test_wrong_rules_are_refused_in_one_sentence_and_the_old_ones_stay(running, position, capsys) -> None:
    filter_, before, active = running(DUPLICATE, SLOW), _outcomes(), _active()
    for wrong in ("rules: [{rule: duplicat}]", "rules: [{rule: redundant, second: 3}]", "rules: [", ""):
        filter_.file.write_text(wrong)
        filter_.ask()
        assert not filter_.kept(position(sog=1.0), id=wrong or "empty")
    filter_.file.unlink()
    filter_.ask()
    assert not filter_.kept(position(sog=1.0), id="b9")
    assert _outcomes() == {**before, "refused": before["refused"] + 5}
    assert _active() == active
    filter_.write(SLOW)
    filter_.ask()
    assert _active() != active


def test_the_same_wrong_file_is_complained_of_once(running) -> None:
    filter_, before = running(DUPLICATE), _outcomes()
    filter_.file.write_text("rules: [")
    for _ in range(5):
        filter_.stage.due()
    assert _outcomes() == {**before, "refused": before["refused"] + 1}


def test_rules_that_are_as_before_keep_what_they_remember(running, position) -> None:
    filter_ = running(DUPLICATE, THIN)
    filter_.kept(position(digest=1), id="b1")
    filter_.write(DUPLICATE, SLOW, THIN)
    filter_.ask()
    assert not filter_.kept(position(1, digest=1), position(2, digest=2), id="b2")
    filter_.write(DUPLICATE, SLOW, "{rule: redundant, seconds: 61}")
    filter_.ask()
    assert not filter_.kept(position(3, digest=1), id="b3"), "a copy"
    assert filter_.kept(position(4, digest=4), id="b4"), "a rule with other options begins anew"


def test_rules_within_overrides_keep_theirs(running, position) -> None:
    thin = "{rule: redundant, seconds: 60, overrides: [{tails: [sat.#], seconds: 600}]}"
    filter_ = running(thin)
    filter_.kept(position(digest=1), id="b1", tail="sat.one")
    filter_.write(DUPLICATE, thin)
    filter_.ask()
    assert not filter_.kept(position(300, digest=2), id="b2", tail="sat.one")
    assert filter_.kept(position(300, digest=3), id="b3", tail="test")


def test_a_restart_finds_the_memories_of_the_rules_that_were_last(running, position) -> None:
    filter_ = running(DUPLICATE)
    filter_.write(DUPLICATE, THIN)
    filter_.ask()
    filter_.kept(position(digest=1), id="b1")
    filter_.again()
    assert not filter_.kept(position(1, digest=1), position(2, digest=2), id="b2")


def test_rules_changed_while_it_was_down_are_used_at_once_with_what_was_remembered(running, position) -> None:
    filter_ = running(DUPLICATE, THIN)
    filter_.kept(position(digest=1), id="b1")
    filter_.write(SLOW, THIN)
    filter_.again()
    assert not filter_.kept(position(2, sog=9.0), position(100, sog=1.0), id="b2")
    assert filter_.kept(position(100, digest=1), id="b3"), "the rule for copies is gone"


def test_rules_of_before_that_cannot_be_read_any_more_do_not_stop_the_start(running, position) -> None:
    filter_ = running(DUPLICATE)
    filter_.kept(position(digest=1), id="b1")
    filter_.stage._stage.text = (str(filter_.file), "rules: [{rule: gone}]")
    filter_.stage._stage._journal.begin(filter_.stage._stage._everything())
    filter_.again()
    assert not filter_.kept(position(1, digest=1), id="b2")


def test_what_rules_that_are_gone_held_back_is_published(running, position) -> None:
    filter_ = running(TRACK_ERROR)
    filter_.kept(position(0), position(10), id="b1")
    filter_.write(DUPLICATE)
    filter_.asked.set()
    (posted,) = filter_.stage.due()
    assert records.decode_decoded(posted.body) == [position(10)]
    assert (posted.account.released, posted.account.remaining) == (1, 1)
    filter_.stage.sent()
    assert filter_.stage.due() == []


def test_rules_that_held_back_and_are_as_before_go_on_holding(running, position) -> None:
    filter_ = running(TRACK_ERROR)
    filter_.kept(position(0), position(10), id="b1")
    filter_.write(DUPLICATE, TRACK_ERROR)
    filter_.asked.set()
    assert filter_.stage.due() == []


def test_rules_do_not_change_while_a_batch_is_on_its_way(running, position) -> None:
    filter_ = running(TRACK_ERROR)
    filter_.kept(position(0), position(10), id="b1")
    batch = message([position(20), position(40, nav_status=5)], id="b2")
    first = filter_.stage.handle([batch])  # published, and then the connection is lost
    filter_.write(SLOW)
    filter_.asked.set()
    assert filter_.stage.due() == []
    assert filter_.stage.handle([batch]) == first
    filter_.stage.commit()
    filter_.stage.due()
    assert not filter_.kept(position(100, sog=1.0), id="b3")


def test_a_changed_file_of_polygons_is_read_anew(running, position) -> None:
    filter_ = running(DUPLICATE)
    area = filter_.file.parent / "area.geojson"
    area.write_text(_square(9, 54))
    filter_.write(DUPLICATE, "{rule: area, polygons: [area.geojson]}")
    filter_.ask()
    assert filter_.kept(position(), id="b1")
    area.write_text(_square(0, 0) + "  ")
    filter_.stage.due()
    filter_.stage.due()
    assert not filter_.kept(position(100), id="b2")


def _square(west: float, south: float) -> str:
    ring = [[west, south], [west + 2, south], [west + 2, south + 2], [west, south + 2], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def test_the_version_in_use_is_told_by_a_metric_and_follows_from_the_text(running) -> None:
    filter_ = running(DUPLICATE)
    first = _active()
    filter_.write(DUPLICATE, SLOW)
    filter_.ask()
    second = _active()
    filter_.write(DUPLICATE)
    filter_.ask()
    assert len(first) == len(second) == 1
    assert _active() == first != second


def test_presets_can_be_asked_to_reload_too(running, position) -> None:
    filter_ = running(DUPLICATE)
    filter_.journal.close()
    filter_.start("default")
    filter_.kept(position(digest=1), id="b1")
    filter_.ask()
    assert not filter_.kept(position(1, digest=1), id="b2")


def test_flags_are_put_by_the_rules_in_use(running, position) -> None:
    filter_ = running(DUPLICATE)
    filter_.write("{rule: expression, where: sog < 5, action: flag}")
    filter_.ask()
    assert [record.flags for record in filter_.kept(position(sog=1.0), id="b1")] == [BITS["selected"]]


PROGRAM = """
import signal
from threading import Event
from fairway import service
from fairway.settings import CommonSettings

def run(settings, stop):
    signal.raise_signal(signal.SIGHUP)
    asked = service.event_on_hangup()
    print("ready", flush=True)
    while not stop.wait(0.05):
        if asked.is_set():
            asked.clear()
            print("asked", flush=True)

service.main("test", CommonSettings, run)
"""


def test_a_service_outlives_sighup_and_is_told_of_it_when_it_wants_to_know() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FAIRWAY_")}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(2):
            process.send_signal(signal.SIGHUP)
            assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
