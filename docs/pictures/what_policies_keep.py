"""Draws what the policies of `redundant` keep of one vessel's track, as SVG on standard output.

python docs/pictures/what_policies_keep.py RECORDING MMSI > docs/pictures/what-policies-keep.svg
"""

import sys
from collections.abc import Iterator, Sequence
from math import cos, radians
from operator import attrgetter
from pathlib import Path

import numpy as np

from fairway import clock
from fairway.flags import BITS
from fairway.records import Position
from services.filter.judge import Filter
from services.filter.rule_file import parse
from services.filter.track_errors import track_errors
from services.filter.trial import Trial
from services.offline import read_file

POLICIES = (
    ("thin: 60 s, 500 m, 10°", "{rule: redundant}"),
    ("track_error: 25 m", "{rule: redundant, positions: track_error}"),
    ("track_error: 10 m", "{rule: redundant, positions: track_error, error_metres: 10}"),
)
WIDTH, HEIGHT, MARGIN, TITLE = 380, 380, 24, 60
METRES_IN_A_DEGREE = 111_195


def main(recording: str, mmsi: str) -> None:
    """Print the picture, each transmission once and in the order of time."""
    records = [each for each in read_file(Path(recording)).decoded if each.mmsi == int(mmsi)]
    located = [each for each in records if isinstance(each, Position) and each.lon is not None and each.lat is not None]
    decided = Filter(parse("rules: [{rule: duplicate}]", "picture", Path())).decide(located)
    once = [fix for fix, decision in zip(located, decided, strict=True) if decision.kept]
    print("\n".join(_picture(sorted(once, key=attrgetter("event_time")))))


def _picture(fixes: Sequence[Position]) -> Iterator[str]:
    width = len(POLICIES) * WIDTH
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + TITLE}" font-family="sans-serif">'
    yield f'<rect width="{width}" height="{HEIGHT + TITLE}" fill="white"/>'
    places = _places(fixes)
    for panel, (name, rule) in enumerate(POLICIES):
        kept, most = _kept(fixes, rule)
        yield f'<g transform="translate({panel * WIDTH} 0)">'
        yield f'<text x="{MARGIN}" y="24" font-size="16">{name}</text>'
        share = f"{sum(kept):,} of {len(fixes):,} kept; at most {most:.0f} m off"
        yield f'<text x="{MARGIN}" y="44" font-size="13" fill="#555">{share}</text>'
        corners = [place for place, is_kept in zip(places, kept, strict=True) if is_kept]
        yield _dots(places, 2, "#bbb")
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        yield f'<polyline points="{line}" fill="none" stroke="#0b5fa5" stroke-width="1"/>'
        yield _dots(corners, 4, "#d9480f")
        yield "</g>"
    yield "</svg>"


def _dots(places: Sequence[tuple[float, float]], size: int, colour: str) -> str:
    path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
    return f'<path d="{path}" stroke="{colour}" stroke-width="{size}" stroke-linecap="round"/>'


def _places(fixes: Sequence[Position]) -> list[tuple[float, float]]:
    """Where the fixes are in a panel, north up, equally scaled."""
    scale = cos(radians(fixes[0].lat or 0.0))
    east = [(fix.lon or 0.0) * scale * METRES_IN_A_DEGREE for fix in fixes]
    north = [(fix.lat or 0.0) * METRES_IN_A_DEGREE for fix in fixes]
    span = max(max(east) - min(east), max(north) - min(north), 1.0)
    unit = (WIDTH - 2 * MARGIN) / span
    return [
        (MARGIN + (x - min(east)) * unit, TITLE + HEIGHT - MARGIN - (y - min(north)) * unit)
        for x, y in zip(east, north, strict=True)
    ]


def _kept(fixes: Sequence[Position], rule: str) -> tuple[list[bool], float]:
    """Of each fix whether it is kept; and how far one that is not is off the line, metres, at most."""
    trial = Trial(Filter(parse(f"rules: [{rule}]", "picture", Path())))
    trial.judge_records(fixes)
    kept = trial.droppers < 0
    at = np.array([clock.to_ms(fix.event_time) for fix in fixes])
    lon, lat = (np.array([getattr(fix, name) for fix in fixes], np.float64) for name in ("lon", "lat"))
    corners = kept & (trial.flags & BITS["late"] == 0)
    errors = track_errors(np.zeros(len(fixes), np.int64), at, lon, lat, corners, ~kept)
    return kept.tolist(), float(np.nanmax(errors.metres, initial=0.0))


if __name__ == "__main__":
    main(*sys.argv[1:])
