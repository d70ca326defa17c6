"""Holds the promise of track_error against what was kept, by means of its own: no code of the rule is used."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from fairway import clock
from fairway.records import AnyDecoded, Position

EARTH_METRES = 6_371_008.8
METRES_A_MS_IN_A_KNOT = 1852 / 3_600_000


class Fix(NamedTuple):
    """A position that has a place on a track, and what became of it."""

    at: int  # milliseconds
    lon: float
    lat: float
    nav_status: int | None
    is_kept: bool
    is_late: bool


class _Limits(NamedTuple):
    error_metres: float
    gap_ms: float
    rest_ms: float
    rest_knots: float
    silence_ms: float


class Errors(NamedTuple):
    """How far dropped positions are from the rebuilt tracks, metres; and each promise that was broken."""

    metres: list[float]
    broken: list[str]


def check(
    decisions: Iterable[tuple[AnyDecoded, bool, int]],
    *,
    off_the_track: int,
    late: int,
    error_metres: float = 25.0,
    gap_seconds: float = 180.0,
    rest_seconds: float = 21_600.0,
    rest_knots: float = 0.2,
    silence_seconds: float = 900.0,
) -> Errors:
    """Check records in the order in which they were judged, each with whether it was kept and its flags."""
    tracks: dict[tuple[int, str], list[Fix]] = defaultdict(list)
    for record, is_kept, flags in decisions:
        if not isinstance(record, Position) or record.lon is None or record.lat is None or flags & off_the_track:
            continue
        fix = Fix(
            clock.to_ms(record.event_time), record.lon, record.lat, record.nav_status, is_kept, bool(flags & late)
        )
        tracks[record.mmsi, _class_of(record)].append(fix)
    metres: list[float] = []
    broken: list[str] = []
    for name, fixes in tracks.items():
        metres += _errors(fixes, name, error_metres, broken)
        limits = _Limits(error_metres, gap_seconds * 1000, rest_seconds * 1000, rest_knots, silence_seconds * 1000)
        _check_kept(fixes, name, limits, broken)
    return Errors(metres, broken)


def _errors(fixes: Sequence[Fix], name: object, most: float, broken: list[str]) -> list[float]:
    """The distance of each dropped fix from the line between the kept ones around it in time."""
    kept = sorted((fix for fix in fixes if fix.is_kept and not fix.is_late), key=lambda fix: fix.at)
    metres = []
    for fix in fixes:
        if fix.is_kept:
            continue
        metre = min(_distances(kept, fix), default=float("inf"))
        if metre > most:
            broken.append(f"{name}: a dropped fix at {fix.at} is {metre:.1f} m off")
        metres.append(metre)
    return metres


def _distances(kept: Sequence[Fix], fix: Fix) -> Iterable[float]:
    """From all pairs of neighbours that are around it; kept fixes of one moment make several."""
    low, high = 0, len(kept)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if kept[middle].at < fix.at else (low, middle)
    for place in range(max(low, 1), len(kept)):
        before, after = kept[place - 1], kept[place]
        if before.at > fix.at:
            break
        if before.at <= fix.at <= after.at:
            share = (fix.at - before.at) / (after.at - before.at) if after.at > before.at else 0.0
            east = (after.lon - before.lon + 180) % 360 - 180
            yield _metres(before.lon + share * east, before.lat + share * (after.lat - before.lat), fix.lon, fix.lat)
    for each in kept[max(0, low - 1) : low + 2]:
        if each.at == fix.at:
            yield _metres(each.lon, each.lat, fix.lon, fix.lat)


def _check_kept(fixes: Sequence[Fix], name: object, limits: _Limits, broken: list[str]) -> None:
    """What must be kept is; fixes that came late are no part of the order."""
    in_order: list[Fix] = []
    for fix in fixes:
        if not in_order or fix.at > in_order[-1].at:
            in_order.append(fix)
    last_kept = in_order[0]
    if not last_kept.is_kept:
        broken.append(f"{name}: the first fix was dropped")
    if not in_order[-1].is_kept:
        broken.append(f"{name}: the last fix was dropped")
    for before, fix in pairwise(in_order):
        if fix.at - before.at > limits.silence_ms and not (before.is_kept and fix.is_kept):
            broken.append(f"{name}: a fix beside a silence was dropped at {fix.at}")
        if fix.nav_status != before.nav_status and not fix.is_kept:
            broken.append(f"{name}: a change of status was dropped at {fix.at}")
        if fix.is_kept:
            is_next = before is last_kept
            metres, elapsed = _metres(last_kept.lon, last_kept.lat, fix.lon, fix.lat), fix.at - last_kept.at
            rests = metres <= max(limits.error_metres, limits.rest_knots * METRES_A_MS_IN_A_KNOT * elapsed) * 1.001
            if not is_next and elapsed > (limits.rest_ms if rests else limits.gap_ms) + 1:
                broken.append(f"{name}: {(fix.at - last_kept.at) / 1000:.0f} s between kept fixes at {fix.at}")
            last_kept = fix


def _class_of(record: Position) -> str:
    if record.msg_type in (1, 2, 3):
        return "A"
    if record.msg_type is not None:
        return str(record.msg_type)
    if record.low_resolution:
        return "27"
    if record.ais_class == "A" and record.nav_status is not None:
        return "A"
    return "18" if record.ais_class == "B" and record.nav_status is None else "provided"


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Haversine."""
    a, b, c, d = map(radians, (lon, lat, other_lon, other_lat))
    half = sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half)))
