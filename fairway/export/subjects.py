"""What can be exported: for each the question to the database, and which options it takes.

A question is asked for a part of the span at a time, `%(page_begin)s` to `%(page_end)s`: of positions for each partition, of
tracks for each day. So no transaction is longer than it takes to read one, and the maintainer is not held up for hours.
"""

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from fairway.errors import BadSetting
from fairway.export.asked import Asked, Box
from fairway.export.table import LINE

Conditions = list[str]

_AGE = "age"  # what it was when the file was written means nothing later
_POSITION_PAGES = """
    SELECT greatest(first_time, %(begin)s), least(end_time, %(end)s) FROM ops.partitions
    WHERE first_time < %(end)s AND end_time > %(begin)s ORDER BY first_time
"""
# A track is within a day, and goes on for an hour into the next at most.
_TRACK_PAGES = """
    SELECT day, day + interval '24 hours'
    FROM (
        SELECT min(start_time) AS first, max(start_time) AS last FROM ais.tracks
        WHERE start_time >= %(begin)s - interval '25 hours' AND start_time < %(end)s
    ) AS t
    CROSS JOIN LATERAL generate_series(date_trunc('day', first), last, interval '24 hours') AS day
    ORDER BY day
"""
_TRACKS = """
    SELECT
        t.mmsi, v.name, t.start_time, t.end_time, t.positions, t.length_metres, t.straight_metres, t.sinuosity, t.goes_on,
        st_asbinary(t.geom, 'NDR') AS geom
    FROM ais.tracks AS t LEFT JOIN ais.vessels AS v ON v.mmsi = t.mmsi
"""
_TRACK = """
    SELECT
        v.mmsi, n.name, t.segment, t.start_time, t.end_time, t.positions, t.length_metres, st_asbinary(t.geom, 'NDR') AS geom
    FROM unnest(%(mmsis)s::integer[]) AS v (mmsi)
    CROSS JOIN LATERAL ais.vessel_track(v.mmsi, %(begin)s, %(end)s) AS t
    LEFT JOIN ais.vessels AS n ON n.mmsi = v.mmsi
    ORDER BY t.segment
"""


@dataclass(frozen=True)
class Subject:
    """Something that can be exported."""

    name: str
    sentence: str
    takes: Collection[str]  # options
    question: Callable[[Asked], str]  # `{columns}` in it are those of `relation` but for what is left out
    needs: Collection[str] = ()
    relation: str | None = None
    left_out: Collection[str] = ()
    pages: str | None = None  # the question for begin and end of each; none for one page
    has_lines: bool = False
    is_of_one_vessel: bool = False
    rows_at_once: int = 2000

    def check(self, given: dict[str, bool]) -> None:
        """Raises BadSetting when an option that is given makes no sense here, or one that is needed is not given."""
        for option, is_given in given.items():
            if is_given and option not in self.takes:
                raise BadSetting(f"--{option} is not for {self.name}, which are asked for by {_listed(self.takes)}")
        missing = [option for option in self.needs if not given[option]]
        if missing:
            raise BadSetting(f"say {' and '.join(f'--{option}' for option in missing)}: {self.sentence}")


def _positions(asked: Asked) -> str:
    conditions = ["p.event_time >= %(page_begin)s", "p.event_time < %(page_end)s", *_of_points(asked)]
    # A vessel's day is small enough to sort; a day of all would keep the database busy before the first row comes.
    order = "ORDER BY p.mmsi, p.event_time, p.received_at" if asked.mmsis else ""
    return f"SELECT {{columns}} FROM ais.position_reports AS p {_where(conditions)} {order} LIMIT %(limit)s"


def _vessels_now(asked: Asked) -> str:
    return f"SELECT {{columns}} FROM ais.vessels_now AS p {_where(_of_points(asked))} ORDER BY p.mmsi LIMIT %(limit)s"


def _tracks(asked: Asked) -> str:
    conditions = [
        *("t.start_time >= %(page_begin)s", "t.start_time < %(page_end)s"),
        *("t.start_time < %(end)s", "t.end_time >= %(begin)s"),
        *(["t.mmsi = ANY (%(mmsis)s)"] if asked.mmsis else []),
        *([_any(f"st_intersects(t.geom, {_envelope(box)})" for box in asked.boxes)] if asked.boxes else []),
    ]
    return f"{_TRACKS} {_where(conditions)} ORDER BY t.mmsi, t.start_time LIMIT %(limit)s"


def _track(_asked: Asked) -> str:
    return f"{_TRACK} LIMIT %(limit)s"


def _of_points(asked: Asked) -> Conditions:
    return [
        *(["p.mmsi = ANY (%(mmsis)s)"] if asked.mmsis else []),
        *(["p.source = %(source)s"] if asked.source is not None else []),
        *([_any(map(_is_in, asked.boxes))] if asked.boxes else []),
    ]


def _is_in(box: Box) -> str:
    """The numbers are the cheaper to look at row by row; closed days have an index of the places."""
    return (
        f"(p.lon BETWEEN {box.west} AND {box.east} AND p.lat BETWEEN {box.south} AND {box.north}"
        f" AND p.geom && {_envelope(box)})"
    )


def _envelope(box: Box) -> str:
    return f"st_makeenvelope({box.west}, {box.south}, {box.east}, {box.north}, 4326)"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _where(conditions: Conditions) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _listed(options: Collection[str]) -> str:
    return ", ".join(f"--{option}" for option in options)


SUBJECTS = (
    Subject(
        "positions",
        "positions are exported for a span of time, such as --from 2026-01-02 --to 2026-01-03",
        takes=("from", "to", "bbox", "mmsi", "source"),
        needs=("from",),
        question=_positions,
        relation="ais.position_reports",
        left_out=(LINE,),
        pages=_POSITION_PAGES,
    ),
    Subject(
        "tracks",
        "tracks are exported for a span of time, such as --from 2026-01-02 --to 2026-01-03",
        takes=("from", "to", "bbox", "mmsi"),
        needs=("from",),
        question=_tracks,
        pages=_TRACK_PAGES,
        has_lines=True,
        rows_at_once=20,  # of a day and a megabyte each, if they say where they are every two seconds
    ),
    Subject(
        "track",
        "a track is one vessel's way in a span of time, such as --mmsi 219000001 --from 2026-01-02",
        takes=("mmsi", "from", "to"),
        needs=("mmsi", "from"),
        question=_track,
        has_lines=True,
        is_of_one_vessel=True,
        rows_at_once=1,  # it may be a month without a silence
    ),
    Subject(
        "vessels_now",
        "the newest position of each vessel",
        takes=("bbox", "mmsi", "source"),
        question=_vessels_now,
        relation="ais.vessels_now",
        left_out=(LINE, _AGE),
    ),
)


def named(name: str) -> Subject:
    """Raises BadSetting when there is none of this name."""
    known = {subject.name: subject for subject in SUBJECTS}
    if name not in known:
        nearest = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(known)}"
        raise BadSetting(f"{name!r} cannot be exported; {hint}")
    return known[name]
