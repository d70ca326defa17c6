"""One day and source of positions becomes a file, which is read back before it counts."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

from psycopg2.extensions import cursor as Cursor

from fairway.clock import midnight
from fairway.errors import FairwayError
from services.db_maintainer.archive import checksum, copied
from services.db_maintainer.archive.geoparquet import (
    MICROSECONDS,
    MILLISECONDS,
    Contents,
    NotOurs,
    Writer,
    batches,
    opened,
)


def _is_whole(time: str) -> str:
    """SQL that says whether a time is of whole milliseconds. For use with values: %% is one sign."""
    return f"extract(microseconds FROM {time})::integer %% 1000 = 0"


# The labels' numbers are computed once for each label, not for each row.
_ROWS = """
    FROM ais.{partition} AS r JOIN ais.position_labels AS l ON l.id = r.label
    WHERE r.event_time >= %(first)s AND r.event_time < %(end)s AND l.source = %(source)s
    ORDER BY r.mmsi, r.event_time, r.received_at
"""
CONTENTS = f"""
    WITH label AS MATERIALIZED (
        SELECT id, source, {checksum.label_hash_sql("p")} AS hash FROM ais.position_labels AS p
    )
    SELECT label.source, count(*), sum({checksum.row_hash_sql("label.hash")}),
        bool_and({_is_whole("r.event_time")} AND {_is_whole("r.received_at")})
    FROM {{relation}} AS r JOIN label ON label.id = r.label
    WHERE r.event_time >= %(first)s AND r.event_time < %(end)s
    GROUP BY label.source ORDER BY label.source
"""
_BOUNDS = "SELECT min(event_time), max(event_time) FROM ais.{partition}"


class BadCopy(FairwayError):
    """What was read back from a file is not what the database has."""


@dataclass(frozen=True)
class Archived:
    """A file of the archive."""

    file: str  # from the folder of the archive
    bytes: int
    contents: Contents


def days_of(cursor: Cursor, partition: str) -> list[date]:
    """The days (UTC) from the first row of a partition to the last."""
    cursor.execute(_BOUNDS.format(partition=partition))
    first, last = cursor.fetchone() or (None, None)
    return [] if first is None else [first.date() + timedelta(n) for n in range((last.date() - first.date()).days + 1)]


def contents_of(cursor: Cursor, partition: str, day: date, relation: str | None = None) -> list[Contents]:
    """What there is of a day, by source."""
    cursor.execute(CONTENTS.format(relation=relation or f"ais.{partition}"), _bounds(day))
    return [
        Contents(day.isoformat(), source, rows, checksum.total([int(sums)]), MILLISECONDS if is_whole else MICROSECONDS)
        for source, rows, sums, is_whole in cursor.fetchall()
    ]


def write(cursor: Cursor, partition: str, contents: Contents, folder: Path) -> Archived:
    """Write what `contents` tells of; a file that is there and holds just that is taken. Raises BadCopy."""
    for path in _names(folder, contents):
        if not path.exists():
            _write(cursor, partition, contents, path)
        elif not _is_copy(path, contents):
            continue  # rows that came after an earlier archive of the day, or another database's
        return Archived(path.relative_to(folder).as_posix(), path.stat().st_size, contents)
    raise AssertionError("names have no end")


def check(path: Path, contents: Contents) -> None:
    """Read a file back. Raises BadCopy when it holds other rows than `contents` tells of, NotOurs."""
    rows, sums = 0, []
    with opened(path) as (file, told):
        for batch in batches(file):
            rows += batch.num_rows
            sums.append(checksum.checksum_of(batch))
    found = replace(told, rows=rows, checksum=checksum.total(sums))
    if not found == told == contents:
        raise BadCopy(f"{path} holds {found.rows} rows with checksum {found.checksum}, but it should be {contents}")


def _names(folder: Path, contents: Contents) -> Iterator[Path]:
    place = folder / "positions" / f"source={quote(contents.source, safe='')}"
    stem = f"positions_{contents.day.replace('-', '')}"
    yield place / f"{stem}.parquet"
    number = 2
    while True:
        yield place / f"{stem}_{number}.parquet"
        number += 1


def _write(cursor: Cursor, partition: str, contents: Contents, path: Path) -> None:
    """Under another name first, so that a file that is there is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    bounds = {**_bounds(date.fromisoformat(contents.day)), "source": contents.source}
    rows = cursor.mogrify(_ROWS.format(partition=partition), bounds).decode()
    writer = Writer(part, contents)
    for batch in copied.copied_from(cursor, rows):
        writer.write(batch)
    writer.close()
    check(part, contents)
    _to_disk(part)
    part.rename(path)
    _to_disk(path.parent)


def _is_copy(path: Path, contents: Contents) -> bool:
    try:
        check(path, contents)
    except (BadCopy, NotOurs):
        return False
    return True


def _bounds(day: date) -> dict[str, object]:
    first = midnight(day)
    return {"first": first, "end": first + timedelta(days=1)}


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a loss of power."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
