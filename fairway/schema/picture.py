"""docs/pictures/schema.svg: the tables that analysts use, and by which columns they are joined."""

from collections.abc import Iterator
from dataclasses import dataclass

from fairway.schema.joins import JOINS, Join

LINE, WIDTH, TITLE, PADDING = 19, 200, 26, 6
GAP_ACROSS, GAP_DOWN, MARGIN = 110, 22, 20
COLOURS = {"ais": "#0b5fa5", "ref": "#2b7a4b"}


@dataclass(frozen=True)
class Box:
    """A table, or a view, and the columns of it that are worth showing."""

    name: str
    columns: tuple[str, ...]


# Every join of the picture goes from one stack of boxes to the next.
STACKS = (
    (
        Box("ais.heard", ("event_time", "mmsi", "msg_type", "heard_by", "heard_at")),
        Box("ref.nav_statuses", ("nav_status", "name", "description")),
        Box("ref.msg_types", ("msg_type", "name", "kind", "description")),
        Box("ais.position_labels", ("id", "source", "station", "time_source", "channel")),
    ),
    (
        Box(
            "ais.positions", ("event_time", "mmsi", "geom", "sog", "cog", "heading", "nav_status", "msg_type", "flags")
        ),
        Box("ais.fixes", ("event_time", "mmsi", "lon", "lat", "sog", "label")),
        Box("ais.latest_positions", ("mmsi", "event_time", "geom")),
        Box("ais.static_reports", ("mmsi", "first_time", "last_time", "name", "destination")),
    ),
    (
        Box(
            "ais.vessels",
            ("mmsi", "name", "callsign", "imo", "ship_type", "length", "width", "destination", "last_time"),
        ),
    ),
    (
        Box("ais.positions_30min", ("mmsi", "bucket", "distance_metres", "sog_mean")),
        Box("ais.vessel_days", ("mmsi", "day", "distance_metres", "moving_hours")),
        Box("ais.tracks", ("mmsi", "start_time", "end_time", "geom")),
        Box("ais.events", ("mmsi", "event_time", "kind", "geom")),
        Box("ref.mids", ("mid", "country", "alpha2", "alpha3")),
        Box("ref.ship_types", ("ship_type", "ship_class", "description")),
    ),
)


@dataclass(frozen=True)
class _Placed:
    box: Box
    stack: int
    x: int
    y: int

    @property
    def height(self) -> int:
        return TITLE + len(self.box.columns) * LINE + PADDING

    def middle_of(self, column: str) -> int:
        return self.y + TITLE + self.box.columns.index(column) * LINE + LINE // 2


def boxes() -> list[Box]:
    """Every box of the picture."""
    return [box for stack in STACKS for box in stack]


def svg() -> str:
    """The picture."""
    placed = {each.box.name: each for each in _place()}
    width = 2 * MARGIN + len(STACKS) * WIDTH + (len(STACKS) - 1) * GAP_ACROSS
    height = max(each.y + each.height for each in placed.values()) + MARGIN
    joins = [join for join in JOINS if join.table in placed and join.other in placed]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *(line for each in placed.values() for line in _drawn(each, _joined(each.box.name, joins))),
        *(line for join in joins for line in _curves(join, placed[join.table], placed[join.other])),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _place() -> Iterator[_Placed]:
    """Each stack in the middle of the picture's height."""
    heights = [sum(TITLE + len(b.columns) * LINE + PADDING + GAP_DOWN for b in stack) - GAP_DOWN for stack in STACKS]
    for number, stack in enumerate(STACKS):
        y = MARGIN + (max(heights) - heights[number]) // 2
        for box in stack:
            placed = _Placed(box, number, MARGIN + number * (WIDTH + GAP_ACROSS), y)
            yield placed
            y += placed.height + GAP_DOWN


def _joined(name: str, joins: list[Join]) -> set[str]:
    return {column for join in joins for column in join.columns(name)}


def _curves(join: Join, begin: _Placed, end: _Placed) -> Iterator[str]:
    """A line for each pair of columns; boxes of one stack, or of stacks that are not beside each other, get none."""
    way = end.stack - begin.stack
    if abs(way) != 1:
        return
    x_1, x_2 = (begin.x + WIDTH, end.x) if way > 0 else (begin.x, end.x + WIDTH)
    bend = way * GAP_ACROSS // 2
    for column, other in zip(join.columns(join.table), join.columns(join.other), strict=True):
        y_1, y_2 = begin.middle_of(column), end.middle_of(other)
        path = f"M{x_1} {y_1} C{x_1 + bend} {y_1} {x_2 - bend} {y_2} {x_2} {y_2}"
        yield f'<path d="{path}" fill="none" stroke="#888" stroke-width="1.3"/>'
        yield f'<circle cx="{x_2}" cy="{y_2}" r="3.5" fill="#888"/>'


def _drawn(placed: _Placed, joined: set[str]) -> Iterator[str]:
    box, x, y, colour = placed.box, placed.x, placed.y, COLOURS[placed.box.name.split(".")[0]]
    yield f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{placed.height}" rx="4" fill="white" stroke="{colour}"/>'
    yield f'<path d="M{x} {y + TITLE - 2}h{WIDTH}" stroke="{colour}"/>'
    yield f'<text x="{x + 8}" y="{y + 17}" font-weight="bold" fill="{colour}">{box.name}</text>'
    for column in box.columns:
        weight = ' font-weight="bold"' if column in joined else ""
        yield f'<text x="{x + 8}" y="{placed.middle_of(column) + 5}"{weight}>{column}</text>'
