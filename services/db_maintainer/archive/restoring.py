"""A file of the archive goes back into the database, labels included, so that the account of rows is as it was."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from fairway import position_labels
from fairway.clock import midnight
from fairway.errors import BadSetting
from fairway.position_labels import Label
from services.db_maintainer.archive import copied, writing
from services.db_maintainer.archive.columns import LABEL, ROW
from services.db_maintainer.archive.geoparquet import Contents, batches, opened
from services.db_maintainer.archive.grouping import groups
from services.db_maintainer.archive.writing import BadCopy

_OF_SOURCE = """
    event_time >= %(first)s AND event_time < %(end)s
    AND label = ANY (ARRAY(SELECT id FROM ais.position_labels WHERE source = %(source)s))
"""
_IS_THERE = f"SELECT EXISTS (SELECT FROM ais.position_rows WHERE {_OF_SOURCE})"
_DELETE = f"DELETE FROM ais.position_rows WHERE {_OF_SOURCE}"
# A day that is restored is older than retention allows, or it would not have been dropped.
_KEEP = """
    INSERT INTO ops.partition_upkeep AS u (name, keep_until)
    SELECT name, now() + %(keep)s FROM ops.partitions WHERE first_time <= %(first)s AND end_time > %(first)s
    ON CONFLICT (name) DO UPDATE SET keep_until = greatest(u.keep_until, excluded.keep_until)
"""
_IS_BACK = "UPDATE ops.archives SET dropped_at = NULL WHERE day = %(first)s AND source = %(source)s AND checksum = %(checksum)s"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('fairway db restore'))"  # two may have the same day


def restore(connection: Connection, path: Path, replace: bool, keep: timedelta) -> Contents:
    """Put a file's rows back, in one transaction; the partition is not dropped for as long as `keep`. Needs the owner.

    Raises BadSetting when positions of the day and source are there already and are not to be replaced, or when the file is
    not one of the archive; BadCopy when the rows are not those that were archived.
    """
    with opened(path) as (file, contents):
        first = midnight(date.fromisoformat(contents.day))
        values = {**vars(contents), "first": first, "end": first + timedelta(days=1), "keep": keep}
        numbers = position_labels.numbers_of(connection, _labels(file))
        with connection, connection.cursor() as cursor:
            cursor.execute(_LOCK)
            cursor.execute("SELECT ais.ensure_partition(%(day)s)", values)
            _make_room(cursor, contents, values, replace)
            rows = (_with_labels(batch, numbers) for batch in batches(file))
            copied.copy_into(cursor, "ais.position_rows", [*(column.name for column in ROW), "label"], rows)
            _check(cursor, contents, path)
            cursor.execute(_KEEP, values)
            cursor.execute(_IS_BACK, values)
    return contents


def _make_room(cursor: Cursor, contents: Contents, values: dict[str, object], replace: bool) -> None:
    cursor.execute(_DELETE if replace else _IS_THERE, values)
    if not replace and (cursor.fetchone() or (False,))[0]:
        raise BadSetting(
            f"positions of {contents.source} on {contents.day} are in the database; give --replace to put the file in their place"
        )


def _check(cursor: Cursor, contents: Contents, path: Path) -> None:
    found = writing.contents_of(cursor, "", date.fromisoformat(contents.day), relation="ais.position_rows")
    if contents not in found:
        raise BadCopy(
            f"the rows of {path} are not those that were archived: its checksum is another; nothing was restored"
        )


def _labels(file: pq.ParquetFile) -> set[Label]:
    return {label for batch in batches(file) for label in _distinct(batch)[0]}


def _with_labels(batch: pa.RecordBatch, numbers: dict[Label, int]) -> pa.RecordBatch:
    labels, which = _distinct(batch)
    label = pa.array(np.array([numbers[label] for label in labels], np.int32)[which])
    columns = [batch.column(column.name) for column in ROW]
    return pa.RecordBatch.from_arrays([*columns, label], [*(column.name for column in ROW), "label"])


def _distinct(batch: pa.RecordBatch) -> tuple[list[Label], NDArray[np.int64]]:
    """The labels in a batch, and which of them each row has."""
    first, which = groups(batch, [column.name for column in LABEL])
    rows = batch.select(list(Label._fields)).take(pa.array(first)).to_pylist()
    return [Label(**row) for row in rows], which
