"""All rows of some batches, within the caller's transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from psycopg2.extensions import cursor as Cursor

from fairway.records import Decoded, Position, kind_of
from services.db_inserter import latest, static_reports, vessels
from services.db_inserter.binary_copy import binary_rows, columns_of
from services.db_inserter.copying import copy_binary, copy_rows
from services.db_inserter.groups import Batch
from services.db_inserter.position_rows import Positions, Rows, rows_of
from services.db_inserter.rows import table_rows
from services.db_inserter.static_data import static_data
from services.db_inserter.tables import POSITION_ROWS, TABLES, Table

# Made once for each connection; they empty themselves when a transaction ends.
TEMPORARY_TABLES = (latest.INCOMING, vessels.INCOMING, static_reports.INCOMING, static_reports.CHANGED)

CHUNK_RECORDS = 1000  # rows made at a time while COPY is at work on the last ones; about 200 kB


def write(cursor: Cursor, batches: Sequence[Batch], positions: Positions, labels: Rows) -> dict[str, int]:
    """Store the records; how many of each kind. The order of the steps is the order of locks, the same in every inserter.

    `positions` are in order; `labels` are the numbers of theirs in the database.
    """
    records: defaultdict[type[Decoded], list[Decoded]] = defaultdict(list)
    for batch in batches:
        for record in batch.records:
            records[type(record)].append(record)
    careful = any(batch.careful for batch in batches)
    for kind, table in TABLES.items():
        if kind in records:
            copy_rows(cursor, table.name, table.columns, _chunks(table, records[kind], careful))
    _write_positions(cursor, positions, labels)
    reports = list(static_data(record for batch in batches for record in batch.records))
    vessels.merge(cursor, reports, careful)
    static_reports.write(cursor, reports, careful)
    counts = Counter({kind_of(kind): len(found) for kind, found in records.items()})
    counts[kind_of(Position)] = len(positions)
    return {kind: count for kind, count in counts.items() if count}


def _write_positions(cursor: Cursor, positions: Positions, labels: Rows) -> None:
    if len(positions):
        newest = latest.newest(positions)
        rows = positions.rows
        rows["label"] = labels[rows["label"]]
        columns = columns_of(rows)
        copy_binary(cursor, POSITION_ROWS, columns, binary_rows(rows, columns))
        latest.merge(cursor, rows_of(rows, newest))


def _chunks(table: Table, records: list[Decoded], careful: bool) -> Iterator[str]:
    for start in range(0, len(records), CHUNK_RECORDS):
        yield table_rows(table, records[start : start + CHUNK_RECORDS], careful)
