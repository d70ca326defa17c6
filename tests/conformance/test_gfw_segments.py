"""Two ships on one MMSI, and tracks that are somewhere else for a while, as Global Fishing Watch tells them apart.

Their segmenter's regression cases are AIS of one MMSI each, where every message has the segment, a continuous track, that it
belongs to (GlobalFishingWatch/gpsdio-segment, tests/data/expected). A fix is *strange* when it lies between two fixes of a larger
segment than its own: it does not go on with the track before it. Where a segment lies between two fixes of another at all, two
ships use the MMSI: the rule should flag both, so flags on either are right, and all other flags are false alarms.

Not counted, because the segmenter judges them by something else than their place: messages that it drops as copies, and segments
of a single message, which it makes of those without a course or speed and of type 27. The rule is given all of them.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from fairway import clock, records
from fairway.flags import bits
from services.filter.reports import form_of, of_records
from services.filter.rules.plausible import PlausibleOptions

LABELLED = Path(__file__).parents[3] / "shared" / "data" / "labelled"
FOLDER = LABELLED / "gfw_segment_regression"
MANY_SHIPS = LABELLED / "gfw_416000000_segmented.json"
MISPLACED = bits(["implied_speed", "shared_mmsi"])

TWO_SHIPS = ("412331088", "416241500")
EXCURSIONS = ("412588888", "636018024")
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no labelled tracks at {FOLDER}")


class Fix(NamedTuple):
    at: datetime
    lon: float
    lat: float
    type: int
    segment: str | None


class Counts(NamedTuple):
    """Of labelled fixes: all, strange ones and those of them that were flagged, flagged ones and those rightly so."""

    fixes: int
    strange: int
    found: int
    flagged: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.strange

    @property
    def precision(self) -> float:
        return self.right / self.flagged

    def __add__(self, other: tuple[int, ...]) -> "Counts":  # type: ignore[override]
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def _single_ships() -> list[str]:
    names = sorted(path.name.split("_")[1].split(".")[0] for path in FOLDER.glob("regr_*.json.gz"))
    return [name for name in names if name not in (*TWO_SHIPS, *EXCURSIONS)]


def _fixes(name: str) -> list[Fix]:
    if name == "416000000":
        rows = [json.loads(line) for line in MANY_SHIPS.read_text().splitlines()]
        rows = [{**row, "expected": row["segment"], "type": "AIS.1"} for row in rows]
    else:
        with gzip.open(FOLDER / f"regr_{name}.json.gz", "rt") as lines:
            rows = [json.loads(line) for line in lines]
    located = [row for row in rows if row["lat"] is not None and row["lat"] == row["lat"]]
    fixes = [
        Fix(datetime.fromisoformat(row["timestamp"]), row["lon"], row["lat"], int(row["type"][4:]), row["expected"])
        for row in located
    ]
    return sorted(fixes, key=lambda fix: fix.at)  # of the same second in their order


def _flags(fixes: Sequence[Fix]) -> NDArray[np.int16]:
    rule = PlausibleOptions().build()
    time = [clock.to_text(round(fix.at.timestamp() * 1000)) for fix in fixes]
    reports = [
        records.Position(
            source="gfw",
            event_time=at,
            received_at=at,
            time_source="provider",
            mmsi=219000001,
            msg_type=fix.type,
            lon=fix.lon,
            lat=fix.lat,
        )
        for fix, at in zip(fixes, time, strict=True)
    ]
    return rule.judge(of_records(reports, form_of(rule.members)), np.arange(len(reports)))


@cache
def _counts(name: str) -> Counts:
    fixes = _fixes(name)
    flagged = (_flags(fixes) & MISPLACED != 0).tolist()
    sizes = Counter(fix.segment for fix in fixes if fix.segment)
    spans: dict[str, tuple[datetime, datetime]] = {}
    for fix in fixes:
        if fix.segment and sizes[fix.segment] > 1:
            spans[fix.segment] = (spans.get(fix.segment, (fix.at,))[0], fix.at)
    total = Counts(0, 0, 0, 0, 0)
    for fix, is_flagged in zip(fixes, flagged, strict=True):
        if fix.segment in spans:
            around = [each for each, (first, last) in spans.items() if each != fix.segment and first <= fix.at <= last]
            strange = any(sizes[each] > sizes[fix.segment] for each in around)
            total += (1, strange, strange and is_flagged, is_flagged, is_flagged and bool(around))
    return total


def _all(names: Sequence[str]) -> Counts:
    return sum(map(_counts, names), Counts(0, 0, 0, 0, 0))


def _said(name: str, counts: Counts) -> Iterator[str]:
    yield f"{name}: {counts.fixes} fixes, {counts.strange} strange, {counts.found} of them flagged; "
    yield f"{counts.flagged} flagged, {counts.right} rightly"


def test_a_single_ship_is_never_flagged():
    counts = _all(_single_ships())
    print(*_said("single ships", counts))
    assert counts.fixes > 4000
    assert counts.flagged == 0


@pytest.mark.parametrize(
    ("names", "recall", "precision"),
    [
        (TWO_SHIPS, 0.95, 0.90),
        (EXCURSIONS, 0.60, 0.85),  # a second strange fix in a row is believed, and so are those after it
        (("416000000",), 0.60, 0.95),  # many ships on one MMSI, of which two are followed at a time
    ],
)
def test_strange_fixes_are_found(names: tuple[str, ...], recall: float, precision: float):
    counts = _all(names)
    print(*_said(", ".join(names), counts))
    assert counts.recall >= recall
    assert counts.precision >= precision


def test_the_table_in_the_docs_is_this():
    page = (Path(__file__).parents[2] / "docs" / "filtering.md").read_text()
    assert f"| {_all(_single_ships()).fixes:,} | there are none | there are none |" in page
    for names in (TWO_SHIPS, EXCURSIONS, ("416000000",)):
        counts = _all(names)
        found = f"{counts.found} of {counts.strange}, {counts.recall:.0%}"
        right = f"{counts.right:,} of {counts.flagged:,}, {counts.precision:.0%}"
        assert f"| {counts.fixes:,} | {found} | {right} |".replace("%", " %") in page
