"""What derived tables should hold, computed slowly and obviously: in Python, a vessel and a fix at a time.

Only distances are PostGIS's. A row is a dict, and an angle in it a unit vector, so that 359.99 and 0.01 are near each other.
"""

import cmath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import inf, radians
from typing import Any, NamedTuple

from psycopg2.extensions import connection as Connection

from tests.integration.db_inserter.queries import query, value
from tests.integration.db_maintainer.hexagons import shares

HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
KNOT = 1852 / 3600  # metres per second
CLASSES = {30: "fishing", 52: "tug", 70: "cargo", 71: "cargo", 80: "tanker"}

Row = dict[str, Any]


class Report(NamedTuple):
    """A position as it is stored."""

    mmsi: int
    event_time: datetime
    received_at: datetime
    lon: float | None
    lat: float | None
    sog: float | None
    cog: float | None
    heading: int | None
    nav_status: int | None
    flags: int
    label: int
    source: str


class Said(NamedTuple):
    """A vessel said what type it is."""

    mmsi: int
    event_time: datetime
    ship_type: int


class Leg(NamedTuple):
    """From a fix to the next of its vessel; `joined`: it can be said to have gone that way."""

    start: Report
    end: Report
    metres: float
    seconds: float
    joined: bool


class Truth:
    """All positions that are stored, and what follows from them and what vessels said."""

    def __init__(self, db: Connection, said: Sequence[Said] = ()) -> None:
        self._db = db
        self._said = said
        self._known: dict[tuple[float, ...], float] = {}
        self._reports = [Report._make(row) for row in query(db, _REPORTS)]
        self._days = sorted({report.event_time.date() for report in self._reports})

    def buckets(self, length: timedelta) -> list[Row]:
        """ais.positions_30min or ais.positions_12h."""
        return [
            {"bucket": bucket, "mmsi": mmsi, "reports": len(reports), **self._summary(fixes_of(reports))}
            for (bucket, mmsi), reports in _grouped(
                self._reports, lambda report: (EPOCH + (report.event_time - EPOCH) // length * length, report.mmsi)
            )
        ]

    def vessel_days(self) -> list[Row]:
        return [row for day in self._days for row in self._vessel_days(day)]

    def tracks(self) -> list[Row]:
        return [row for day in self._days for fixes in self._by_vessel(day) for row in self._tracks(fixes, day)]

    def density(self) -> list[Row]:
        return [row for day in self._days for row in self._density(day)]

    def _summary(self, fixes: Sequence[Report]) -> Row:
        first, last = (fixes[0], fixes[-1]) if fixes else (None, None)
        speeds = [fix.sog for fix in fixes if fix.sog is not None]
        return {
            "fixes": len(fixes),
            "first_time": first and first.event_time,
            "first_lon": first and first.lon,
            "first_lat": first and first.lat,
            "last_time": last and last.event_time,
            **{
                name: last and getattr(last, name)
                for name in ("lon", "lat", "sog", "cog", "heading", "nav_status", "source")
            },
            "distance_metres": sum(leg.metres for leg in self._legs(fixes) if leg.joined),
            "sog_count": len(speeds),
            "sog_mean": sum(speeds) / len(speeds) if speeds else None,
            "sog_min": min(speeds, default=None),
            "sog_max": max(speeds, default=None),
            **_circular("cog", [fix.cog for fix in fixes if fix.cog is not None]),
            **_circular("heading", [fix.heading for fix in fixes if fix.heading is not None]),
        }

    def _vessel_days(self, day: date) -> Iterator[Row]:
        of_day = [report for report in self._reports if report.event_time.date() == day]
        fixes_by_vessel = {fixes[0].mmsi: fixes for fixes in self._by_vessel(day)}
        for mmsi, reports in _grouped(of_day, lambda report: report.mmsi):
            fixes = [fix for fix in fixes_by_vessel.get(mmsi, []) if fix.event_time.date() == day]
            legs = list(self._legs(fixes_by_vessel.get(mmsi, [])))
            joined = [leg for leg in legs if leg.joined]
            moving = [leg.seconds / 3600 for leg in joined if _moves(leg)]
            resting = [leg.seconds / 3600 for leg in joined if not _moves(leg)]
            lons, lats = [fix.lon for fix in fixes], [fix.lat for fix in fixes]
            yield {
                "day": day,
                "mmsi": mmsi,
                "reports": len(reports),
                "fixes": len(fixes),
                "first_time": fixes[0].event_time if fixes else None,
                "last_time": fixes[-1].event_time if fixes else None,
                "distance_metres": sum(leg.metres for leg in joined),
                "moving_hours": sum(moving),
                "rest_hours": sum(resting),
                "gaps": sum(leg.seconds > 3600 for leg in legs if leg.end.event_time.date() == day),
                "sog_max": max((fix.sog for fix in fixes if fix.sog is not None), default=None),
                "bbox": (min(lons), min(lats), max(lons), max(lats)) if fixes else None,
                "ship_type": self._ship_type(mmsi, day),
            }

    def _tracks(self, fixes: Sequence[Report], day: date) -> Iterator[Row]:
        line = [fixes[0]]
        metres = 0.0
        for leg in self._legs(fixes):
            if leg.joined and abs(leg.start.lon - leg.end.lon) <= 180:
                line.append(leg.end)
                metres += leg.metres
            else:
                yield from self._track(line, metres, day)
                line, metres = [leg.end], 0.0
        yield from self._track(line, metres, day)

    def _track(self, line: Sequence[Report], metres: float, day: date) -> Iterator[Row]:
        if len(line) > 1 and line[0].event_time.date() == day:
            straight = self._distance(line[0], line[-1])
            yield {
                "mmsi": line[0].mmsi,
                "start_time": line[0].event_time,
                "end_time": line[-1].event_time,
                "length_metres": metres,
                "straight_metres": straight,
                "sinuosity": metres / straight if straight else None,
                "positions": len(line),
                "goes_on": line[-1].event_time.date() > day,
                "geom": [(fix.lon, fix.lat, fix.event_time.timestamp()) for fix in line],
            }

    def _density(self, day: date) -> Iterator[Row]:
        seconds: dict[tuple[Any, ...], dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for fixes in self._by_vessel(day):
            for leg in self._legs(fixes):
                if leg.joined and leg.start.event_time.date() == day:
                    ship_class = CLASSES.get(self._ship_type(leg.start.mmsi, day) or 0)
                    speed = None if leg.start.sog is None else min(int(leg.start.sog), 50)
                    for cell, share in shares(leg.start.lon, leg.start.lat, leg.end.lon, leg.end.lat).items():
                        key = (day, cell, ship_class, _sector(leg.start.cog), speed)
                        seconds[key][leg.start.mmsi] += share * min(leg.seconds, 1800)
        for key, by_vessel in seconds.items():
            names = ("day", "cell", "ship_class", "course_sector", "speed_bin")
            yield {**dict(zip(names, key, strict=True)), "vessels": len(by_vessel), "seconds": sum(by_vessel.values())}

    def _by_vessel(self, day: date) -> Iterator[list[Report]]:
        """The fixes of each vessel that has any on a day, with the first of the next day when it is joined to the last."""
        for _, reports in _grouped(self._reports, lambda report: report.mmsi):
            fixes = [fix for fix in fixes_of(reports) if fix.event_time.date() >= day]
            of_day = [fix for fix in fixes if fix.event_time.date() == day]
            next_one = fixes[len(of_day) : len(of_day) + 1]
            if of_day:
                goes_on = next_one and self._leg(of_day[-1], next_one[0]).joined
                yield [*of_day, *(next_one if goes_on else [])]

    def _legs(self, fixes: Sequence[Report]) -> Iterator[Leg]:
        return (self._leg(start, end) for start, end in pairwise(fixes))

    def _leg(self, start: Report, end: Report) -> Leg:
        seconds = (end.event_time - start.event_time).total_seconds()
        metres = self._distance(start, end)
        return Leg(start, end, metres, seconds, seconds <= 3600 and metres <= 100 * KNOT * seconds)

    def _distance(self, start: Report, end: Report) -> float:
        ends = (start.lon, start.lat, end.lon, end.lat)
        if ends not in self._known:
            self._known[ends] = value(
                self._db,
                "SELECT st_distancespheroid(st_point(%s, %s, 4326), st_point(%s, %s, 4326))",
                *ends,
            )
        return self._known[ends]

    def _ship_type(self, mmsi: int, day: date) -> int | None:
        known = [said for said in self._said if said.mmsi == mmsi and said.event_time.date() <= day]
        return max(known, key=lambda said: said.event_time).ship_type if known else None


_REPORTS = """
    SELECT
        mmsi, event_time, received_at, lon / 1e7::double precision, lat / 1e7::double precision, sog::double precision,
        cog::double precision, heading, nav_status, coalesce(flags, 0), label, source
    FROM ais.position_rows JOIN ais.position_labels ON id = label
"""


def fixes_of(reports: Iterable[Report]) -> list[Report]:
    """One vessel's fixes in the order of time."""
    found: dict[datetime, Report] = {}
    for report in reports:
        if report.lon is not None and report.lat is not None and not report.flags & 5:
            rival = found.setdefault(report.event_time, report)
            found[report.event_time] = max(report, rival, key=_precedence)
    return [found[time] for time in sorted(found)]


def _precedence(report: Report) -> tuple[Any, ...]:
    said = (report.sog, report.cog, report.heading, report.nav_status)
    return (
        report.received_at,
        report.lon,
        report.lat,
        *(-inf if each is None else each for each in said),
        report.label,
    )


def _grouped(reports: Iterable[Report], key: Any) -> list[tuple[Any, list[Report]]]:
    groups: dict[Any, list[Report]] = defaultdict(list)
    for report in reports:
        groups[key(report)].append(report)
    return sorted(groups.items())


def _circular(name: str, angles: Sequence[float]) -> Row:
    mean = sum(cmath.rect(1, radians(angle)) for angle in angles) / len(angles) if angles else None
    return {
        f"{name}_count": len(angles),
        f"{name}_mean": None if mean is None or abs(mean) < 1e-6 else mean / abs(mean),
        f"{name}_length": None if mean is None else abs(mean),
    }


def _moves(leg: Leg) -> bool:
    return leg.metres >= leg.seconds * KNOT if leg.start.sog is None else leg.start.sog >= 1


def _sector(cog: float | None) -> int | None:
    return None if cog is None else int((cog + 22.5) // 45) % 8
