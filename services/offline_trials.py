"""Records judged by rules as the filter would, slice by slice: what `fairway filter explain` and `simulate` tell of.

Of each record a few numbers stay in memory, about a hundred bytes, never the record.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from fairway import clock, flags
from services.filter.judge import KEPT, Filter, NamedRule
from services.filter.lines import Lines, reader_of
from services.filter.reports import KIND_NAMES, NOTHING, POSITION, Flags, Numbers, Places, Reports
from services.filter.rules.redundant import OFF_THE_TRACK, tracks_of
from services.filter.rules.rule import Bits
from services.filter.track_errors import TrackErrors, track_errors
from services.filter.trial import Trial

THINNING = "redundant"  # the rule that thins tracks: what others drop has no place on one
NO_CORNER = OFF_THE_TRACK | flags.BITS["late"]  # kept, but no line goes through them
TOP_VESSELS = 10
EXPLAINED_TOGETHER = 1000

SEEN = np.dtype(
    [
        ("row", np.int64),  # among all records
        ("at", np.int64),  # milliseconds since 1970 UTC
        ("mmsi", np.int64),
        ("track", np.int64),
        ("lon", np.float64),
        ("lat", np.float64),
        ("bytes", np.int32),  # of its line
        ("msg_type", np.int16),
        ("kind", np.int8),
        ("is_stamped", np.bool_),  # it says when it was sent; otherwise it was judged by when it was read
    ]
)


class Share(Struct, frozen=True):
    """How many there are, and how many of these are kept."""

    total: int
    kept: int


class Off(Struct, frozen=True):
    """How far dropped positions are off the tracks through the kept ones; see track_errors. None where there are none."""

    positions: int
    max_metres: float | None
    p99_metres: float | None
    without_a_line: int  # dropped after the last kept one of their vessel


class Summary(Struct, frozen=True):
    """What became of records. `rules` are how many each rule saw and kept; `flags` and `copies` are by name and by tail."""

    records: Share
    bytes: Share
    vessels: Share
    kinds: dict[str, Share]
    types: dict[str, Share]
    rules: dict[str, Share]
    flags: dict[str, int]
    copies: dict[str, int]
    top_vessels: dict[str, Share]
    track_error: Off
    first: str | None  # event_time
    last: str | None
    unstamped: int


class Explanation(Struct, frozen=True):
    """What became of a record, by which rule, and the numbers that the rules went by, each named with its unit."""

    event_time: str
    mmsi: int
    kind: str
    msg_type: int | None
    outcome: str  # kept or dropped
    rule: str | None  # that dropped it
    flags: list[str]
    numbers: dict[str, dict[str, float]]  # by rule


class Trials:
    """Judges the same records by several sets of rules; only those of the vessels asked for, if any are, are told of."""

    def __init__(
        self, sets: Sequence[Sequence[NamedRule]], tail: str, mmsis: Collection[int] = (), explained: int = 0
    ) -> None:
        self._trials = [Trial(Filter(rules), explained) for rules in sets]
        self._readers = [reader_of(frozenset({*trial.members, "time_source"})) for trial in self._trials]
        self._tail = tail
        self._mmsis = np.array(sorted(mmsis), np.int64)
        self._seen: list[NDArray[np.void]] = []
        self._judged = 0

    def take(self, body: bytes) -> None:
        """Judge the records of some lines of NDJSON."""
        for number, (trial, reader) in enumerate(zip(self._trials, self._readers, strict=True)):
            reports, [lines] = reader.read([body])
            wanted = np.isin(reports.rows["mmsi"], self._mmsis) if len(self._mmsis) else None
            trial.judge(reports, self._tail, wanted)
            if number == 0:
                self._see(reports, lines, np.arange(len(reports)) if wanted is None else np.flatnonzero(wanted))

    def tried(self) -> list["Tried"]:
        """What each set of rules makes of all records so far."""
        seen = np.concatenate([np.zeros(0, SEEN), *self._seen])
        return [Tried(seen, trial) for trial in self._trials]

    def _see(self, reports: Reports, lines: Lines, rows: Places) -> None:
        some = reports.of(rows)
        seen = np.zeros(len(rows), SEEN)
        seen["row"], seen["at"] = self._judged + rows, some["event_time"]
        for name in ("mmsi", "lon", "lat", "msg_type", "kind"):
            seen[name] = some[name]
        seen["bytes"] = (lines.ends - lines.begins)[rows]
        seen["is_stamped"] = some["time_source"] != reports.texts.number("received")
        seen["track"] = _tracks(reports, rows)
        self._seen.append(seen)
        self._judged += len(reports)


class Tried:
    """What some rules make of records. `seen` are those that are told of; the other columns are of the same."""

    def __init__(self, seen: NDArray[np.void], trial: Trial) -> None:
        self.seen = seen
        self._trial = trial
        self._droppers = trial.droppers[seen["row"]]
        self._flags: Bits = trial.flags[seen["row"]]
        self._are_kept = self._droppers == KEPT

    def summary(self) -> Summary:
        """What became of all of them."""
        seen, kept = self.seen, self._are_kept
        times, is_stamped = seen["at"], seen["is_stamped"]
        return Summary(
            records=Share(len(seen), int(kept.sum())),
            bytes=Share(int(seen["bytes"].sum()), int(seen["bytes"][kept].sum())),
            vessels=Share(len(np.unique(seen["mmsi"])), len(np.unique(seen["mmsi"][kept]))),
            kinds={KIND_NAMES[kind]: share for kind, share in self._shares(seen["kind"]).items()},
            types={
                "not said" if type_ == NOTHING else str(type_): share
                for type_, share in self._shares(seen["msg_type"]).items()
            },
            rules=self._rules(),
            flags={flag.name: count for flag in flags.FLAGS if (count := self._count(flag.bit))},
            copies=dict(self._trial.copies),
            top_vessels=self._top_vessels(),
            track_error=self._off(),
            first=clock.to_text(int(times[is_stamped].min())) if is_stamped.any() else None,
            last=clock.to_text(int(times[is_stamped].max())) if is_stamped.any() else None,
            unstamped=int((~is_stamped).sum()),
        )

    def explanations(self) -> Iterator[list[Explanation]]:
        """What became of each and why, in the order in which they came, some together."""
        for begin in range(0, len(self.seen), EXPLAINED_TOGETHER):
            yield self._explained(np.arange(begin, min(begin + EXPLAINED_TOGETHER, len(self.seen))))

    def _explained(self, places: Places) -> list[Explanation]:
        some, names = self.seen[places], self._trial.names
        numbers = self._numbers(places)
        return [
            Explanation(
                event_time=clock.to_text(at),
                mmsi=mmsi,
                kind=KIND_NAMES[kind],
                msg_type=None if type_ == NOTHING else type_,
                outcome="kept" if dropper == KEPT else "dropped",
                rule=None if dropper == KEPT else names[dropper],
                flags=flags.names(bits),
                numbers=of_rules if dropper == KEPT else {names[dropper]: of_rules.get(names[dropper], {})},
            )
            for at, mmsi, kind, type_, dropper, bits, of_rules in zip(
                *(some[name].tolist() for name in ("at", "mmsi", "kind", "msg_type")),
                self._droppers[places].tolist(),
                self._flags[places].tolist(),
                numbers,
                strict=True,
            )
        ]

    def _numbers(self, places: Places) -> list[dict[str, dict[str, float]]]:
        """For each record the numbers by rule; those of the track as it is in the end where a rule thins it."""
        found: list[dict[str, dict[str, float]]] = [{} for _ in places]
        if THINNING in self._trial.names:
            _put(found, THINNING, "off_the_line_metres", self._errors.metres[places])
            _put(found, THINNING, "after_the_last_kept_seconds", self._errors.seconds[places])
        for number, values in self._trial.numbers(self.seen["row"][places]).items():
            _put(found, self._trial.names[number.place], number.name, values)
        return found

    @cached_property
    def _errors(self) -> TrackErrors:
        seen = self.seen
        located = np.flatnonzero((seen["kind"] == POSITION) & ~(np.isnan(seen["lon"]) | np.isnan(seen["lat"])))
        corners = self._are_kept & (self._flags & NO_CORNER == 0)
        tracks, at, lon, lat = (seen[name][located] for name in ("track", "at", "lon", "lat"))
        of_located = track_errors(tracks, at, lon, lat, corners[located], self._are_thinned[located])
        every = TrackErrors(np.full(len(seen), np.nan), np.full(len(seen), np.nan))
        every.metres[located], every.seconds[located] = of_located
        return every

    @cached_property
    def _are_thinned(self) -> Flags:
        """Which positions the rule that thins tracks dropped."""
        places = [place for place, name in enumerate(self._trial.names) if name == THINNING]
        thinned: Flags = np.isin(self._droppers, places) & (self.seen["kind"] == POSITION) & ~np.isnan(self.seen["lon"])
        return thinned

    def _off(self) -> Off:
        metres = self._errors.metres[self._are_thinned]
        known = metres[~np.isnan(metres)]
        if not len(known):
            return Off(0, None, None, len(metres))
        most, p99 = float(known.max()), float(np.percentile(known, 99))
        return Off(len(known), round(most, 1), round(p99, 1), len(metres) - len(known))

    def _shares(self, column: NDArray[np.int16] | NDArray[np.int8]) -> dict[int, Share]:
        values, which = np.unique(column, return_inverse=True)
        every = np.bincount(which, minlength=len(values)).tolist()
        kept = np.bincount(which, self._are_kept, minlength=len(values)).astype(int).tolist()
        return {value: Share(*counts) for value, *counts in zip(values.tolist(), every, kept, strict=True)}

    def _rules(self) -> dict[str, Share]:
        """By rule; a name that stands there twice has both together."""
        dropped = Counter(self._droppers.tolist())
        shares: dict[str, Share] = {}
        saw = len(self.seen)
        for place, name in enumerate(self._trial.names):
            before = shares.get(name)
            shares[name] = Share(before.total if before else saw, saw - dropped[place])
            saw -= dropped[place]
        return shares

    def _count(self, bit: int) -> int:
        return int((self._flags[self._are_kept] & bit != 0).sum())

    def _top_vessels(self) -> dict[str, Share]:
        mmsis, which = np.unique(self.seen["mmsi"], return_inverse=True)
        every, kept = np.bincount(which), np.bincount(which, self._are_kept)
        top = np.argsort(-every, kind="stable")[:TOP_VESSELS]
        return {str(mmsis[place]): Share(int(every[place]), int(kept[place])) for place in top}


def _tracks(reports: Reports, rows: Places) -> Numbers:
    tracks = np.full(len(rows), NOTHING)
    positions = np.flatnonzero(reports.rows["kind"][rows] == POSITION)
    tracks[positions] = tracks_of(reports, rows[positions])
    return tracks


def _put(found: list[dict[str, dict[str, float]]], rule: str, name: str, values: NDArray[np.floating]) -> None:
    for place in np.flatnonzero(~np.isnan(values)).tolist():
        found[place].setdefault(rule, {})[name] = round(float(values[place]), 3)
