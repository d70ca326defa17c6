"""A filter that is killed at the worst moments and started again goes on as if it had never ended."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from fairway import clock, records
from fairway.flags import BITS
from fairway.messages import Message
from fairway.testing import message
from services.filter import stage as stage_module
from tests.unit.services.filter.lives import Killed, Lives, from_station
from tests.unit.services.filter.rules.test_track_error import _fleet
from tests.unit.services.filter.rules.track_checker import check
from tests.unit.services.filter.test_properties import CUTS, RULES, STREAMS

ALL_RULES = """
rules:
  - rule: duplicate
    memory_seconds: 60
  - rule: plausible
    action: flag
  - rule: expression
    where: ship_type BETWEEN 80 AND 89 AND sog < 2 AND destination <> 'AARHUS'
    action: flag
  - rule: redundant
    positions: track_error
    hold_seconds: {hold}
"""
TRACK_ERROR = "rules: [{rule: duplicate}, {rule: redundant, positions: track_error, hold_seconds: 0.001}]"
LONG = 100_000  # seconds
MOMENTS = ["publish", "commit", "ack"]
KILLS = 15  # a stream, or so


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_module, "LOOK_SECONDS", -1)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Sets the clock ahead, each time so far that nothing needs to be held back any more."""
    now, times = clock.now_ms, count(1)

    def set_ahead() -> None:
        ahead = 2 * LONG * 1000 * next(times)
        monkeypatch.setattr(clock, "now_ms", lambda: now() + ahead)

    return set_ahead


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[Callable[[str], Lives]]:
    begun: list[Lives] = []

    def begin(rules: str = ALL_RULES.format(hold=LONG)) -> Lives:
        begun.append(Lives(tmp_path / str(len(begun)), rules))
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()


def _stream(seed: int) -> list[records.AnyDecoded]:
    """Tracks of six ships, some reports heard twice, static data between them; each record from a station of its own."""
    random, stream = Random(seed), list[records.AnyDecoded]()
    for number, fix in enumerate(_fleet(seed)):
        stream.append(records.Position(**{**_members(fix), "digest": number}))
        if random.random() < 0.2:
            stream.append(stream[-1])
        if random.random() < 0.1:
            said = {"ship_type": random.choice([None, 70, 82]), "destination": random.choice([None, "AARHUS", "KIEL"])}
            envelope = {name: value for name, value in _members(fix).items() if name in ENVELOPE}
            stream.append(records.Static(**{**envelope, "msg_type": 5, "digest": -number - 2 & (1 << 40) - 1, **said}))
    return [from_station(record, f"s{number}") for number, record in enumerate(stream)]


ENVELOPE = ("source", "event_time", "received_at", "time_source", "mmsi")


def _members(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def _batches(stream: list[records.AnyDecoded], size: int, tails: tuple[str, ...] = ("test",)) -> list[Message]:
    starts = [*range(0, len(stream), size), len(stream)]
    return [
        message(stream[start:end], id=f"b{number}", tail=tails[number % len(tails)])
        for number, (start, end) in enumerate(pairwise(starts))
    ]


def _undisturbed(lives: Lives, batches: list[Message], later: Callable[[], None]) -> Lives:
    for batch in batches:
        lives.deliver(batch)
    later()
    lives.prompt()
    return lives


def _torment(lives: Lives, batches: list[Message], random: Random, prompts: bool) -> None:
    """Deliver all, with kills in between; after a kill what was not acknowledged comes again first."""
    share = min(0.4, KILLS / len(batches))
    for batch in batches:
        while True:
            killed = random.choice(MOMENTS) if random.random() < share else ""
            try:
                if prompts:
                    lives.prompt(killed=random.choice(["publish", "sent"]) if random.random() < share else "")
                lives.deliver(batch, killed=killed)
                break
            except Killed:
                lives.again()
                if killed == "commit" and random.random() < 0.5:
                    _tear(lives)


def _tear(lives: Lives) -> None:
    """As if the kill had come while something was being written at the end of the file."""
    lives.kill()
    with lives.file.open("ab") as file:
        file.write(b"\x40\x00\x00\x00torn")
    lives.start()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_and_flagged_is_the_same_however_often_it_is_killed(lives, later, seed: int) -> None:
    random, stream = Random(seed), _stream(seed)
    batches = _batches(stream, random.choice([3, 20, 100]), ("test", "other"))
    expected = _undisturbed(lives(), batches, later)
    tormented = lives()
    _torment(tormented, batches, random, prompts=False)
    later()
    tormented.prompt()
    for each in (expected, tormented):
        each.check_account()
        assert each.still_held == 0
    assert (tormented.lines, tormented.dropped) == (expected.lines, expected.dropped)
    assert 0 < expected.dropped["redundant"] < len(stream)
    assert expected.dropped["duplicate"]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_held_back_and_published_by_the_clock_is_published_once(lives, later, seed: int) -> None:
    random, stream = Random(100 + seed), _stream(seed)
    tormented = lives(TRACK_ERROR)
    _torment(tormented, _batches(stream, random.choice([3, 20]), ("test", "other")), random, prompts=True)
    later()
    tormented.prompt()
    _check_once(tormented, stream)
    at = {record.station: number for number, record in enumerate(stream)}
    flags = {record.station: record.flags or 0 for line in tormented.lines for record in records.decode_decoded(line)}
    copies = _copies(stream)
    tracks = [record for record in stream if type(record) is records.Position and at[record.station] not in copies]
    kept = [(record, record.station in flags, flags.get(record.station, 0)) for record in tracks]
    assert not check(kept, off_the_track=0, late=BITS["late"]).broken


def _copies(stream: list[records.AnyDecoded]) -> set[int]:
    seen: set[object] = set()
    copies = set()
    for number, record in enumerate(stream):
        key = record.mmsi, record.msg_type, record.digest
        if key in seen:
            copies.add(number)
        seen.add(key)
    return copies


def _check_once(lives: Lives, stream: list[records.AnyDecoded]) -> None:
    """Every record is stored once or counted as dropped."""
    lives.check_account()
    assert lives.still_held == 0
    assert not {station: times for station, times in lives.stations.items() if times > 1}
    assert lives.stations.total() + lives.dropped.total() == len(stream)


@given(STREAMS, CUTS)
@settings(max_examples=25, deadline=None)
def test_a_restart_after_every_batch_makes_no_difference(stream, cuts) -> None:
    edges = [0, *cuts, len(stream)]
    batches = [message(stream[start:end], id=f"b{number}") for number, (start, end) in enumerate(pairwise(edges))]
    text = f"rules: {RULES}"
    with TemporaryDirectory() as folder:
        expected, restarted = Lives(Path(folder, "a"), text), Lives(Path(folder, "b"), text)
        for batch in batches:
            expected.deliver(batch)
            restarted.deliver(batch)
            restarted.again()
        assert list(restarted.stored.values()) == list(expected.stored.values())


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_report_held_back_is_published_once_whenever_the_filter_is_killed(lives, later, moment: str) -> None:
    stream = _straight(6)
    filter_ = lives()
    filter_.deliver(message(stream[:3], id="b1"))
    with pytest.raises(Killed):
        filter_.deliver(message(stream[3:], id="b2"), killed=moment)
    filter_.again()
    later()
    filter_.prompt()  # before the broker has delivered again
    filter_.deliver(message(stream[3:], id="b2"))
    later()
    filter_.prompt()
    _check_once(filter_, stream)


def test_a_batch_that_was_lost_on_its_way_is_judged_by_the_rules_it_was_judged_by(lives, later) -> None:
    stream = _straight(6)
    filter_ = lives()
    filter_.deliver(message(stream[:3], id="b1"))
    with pytest.raises(Killed):
        filter_.deliver(message(stream[3:], id="b2"), killed="commit")
    filter_.kill()
    filter_.rules.write_text("rules: [{rule: duplicate}]")
    filter_.start()
    filter_.prompt()
    filter_.deliver(message(stream[3:], id="b2"))
    filter_.prompt()
    _check_once(filter_, stream)
    filter_.deliver(message(_straight(9)[6:], id="b3"))
    assert filter_.stored["b3/f"].records == 3, "the new rules are used from the next batch"


def test_what_is_held_of_a_vessel_that_was_forgotten_is_published(lives, later) -> None:
    rules = "rules: [{rule: redundant, positions: track_error, hold_seconds: 1000, max_vessels: 1}]"
    filter_ = lives(rules)
    one, other = _straight(6), _straight(6, mmsi=219000002)
    stream = [from_station(record, f"s{number}") for number, record in enumerate([*one[:3], *other[:3], *one[3:]])]
    for number, record in enumerate(stream):
        filter_.deliver(message([record], id=f"b{number}"))
    later()
    filter_.prompt()
    _check_once(filter_, stream)


def test_many_reports_whose_time_is_up_are_published_in_messages_of_a_usual_size(lives, later) -> None:
    vessels = range(219000000, 219000000 + stage_module.POSTED_RECORDS + 5)
    stream = [fix for mmsi in vessels for fix in _straight(2, mmsi=mmsi)]
    stream = [from_station(record, f"s{number}") for number, record in enumerate(stream)]
    filter_ = lives()
    filter_.deliver(message(stream, id="b1"))
    later()
    filter_.prompt()
    _check_once(filter_, stream)
    assert max(each.records for each in filter_.stored.values() if each.id != "b1/f") == stage_module.POSTED_RECORDS


def test_what_was_being_written_when_it_was_killed_counts_as_not_written(lives) -> None:
    stream = _straight(40)
    batches = _batches(stream, 10)
    filter_ = lives()
    for batch in batches[:2]:
        filter_.deliver(batch)
    begins = filter_.file.stat().st_size
    filter_.deliver(batches[2])
    whole = filter_.file.read_bytes()
    expected = filter_.stored["b2/f"]
    frame = len(whole) - begins
    for cut in (1, 7, 8, 9, frame // 2, frame - 1):
        filter_.kill()
        filter_.file.write_bytes(whole[: begins + cut])
        filter_.start()
        filter_.stored.pop("b2/f")
        filter_.deliver(batches[2], killed="")
        assert filter_.stored["b2/f"] == expected


def test_what_another_release_wrote_is_set_aside(lives) -> None:
    filter_ = lives()
    filter_.deliver(message(_straight(3), id="b1"))
    filter_.kill()
    filter_.file.write_bytes(b"fairway filter 0\n" + filter_.file.read_bytes())
    filter_.start()
    filter_.stored.clear()
    filter_.deliver(message(_straight(3), id="b1"))
    assert filter_.stored["b1/f"].account.received == 3
    assert (filter_.file.parent / "unreadable").read_bytes().startswith(b"fairway filter 0\n")


def test_a_restart_lets_no_flood_through(lives, position, static) -> None:
    vessels = range(219000000, 219010000)
    first = [position(number % 50, mmsi=mmsi, digest=number) for number, mmsi in enumerate(vessels)]
    first += [static(mmsi=mmsi, digest=20_000 + number) for number, mmsi in enumerate(vessels)]
    second = [*first[::7], *(position(5 + number % 50, mmsi=mmsi) for number, mmsi in enumerate(vessels))]
    second += [static(60, mmsi=mmsi, digest=50_000 + number) for number, mmsi in enumerate(vessels)]
    preset = Path(stage_module.__file__).parent / "presets" / "default.yaml"
    without, restarted = lives(preset.read_text()), lives(preset.read_text())
    for each in (without, restarted):
        for batch in _batches(first, 1000):
            each.deliver(batch)
    restarted.again()
    again = [message(second[start : start + 1000], id=f"again{start}") for start in range(0, len(second), 1000)]
    for batch in again:
        without.deliver(batch)
        restarted.deliver(batch)
    assert [restarted.stored[f"{each.id}/f"] for each in again] == [without.stored[f"{each.id}/f"] for each in again]
    assert sum(restarted.stored[f"{each.id}/f"].records for each in again) < len(second) / 100


def _straight(count: int, mmsi: int = 219000001) -> list[records.AnyDecoded]:
    """A ship on a straight course: of these reports the first and the last are needed."""
    usual = {"source": "test", "received_at": "2026-01-02T03:04:05.000Z", "time_source": "tag_block", "msg_type": 1}
    start = clock.to_ms("2026-01-02T03:04:05.000Z")
    return [
        records.Position(
            **usual,
            mmsi=mmsi,
            event_time=clock.to_text(start + 10_000 * number),
            lon=round(10 + 0.001 * number, 6),
            lat=55.0,
            station=f"s{number}",
        )
        for number in range(count)
    ]


def test_the_stations_of_a_stream_tell_its_records_apart() -> None:
    stream = _stream(1)
    assert max(Counter(record.station for record in stream).values()) == 1
