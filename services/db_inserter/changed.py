"""ops.changed_periods: of which half hours positions were stored, so that what is derived of these is computed anew."""

from psycopg2.extensions import cursor as Cursor

from services.db_inserter.positions import MICROSECONDS_A_HALF_HOUR, Keys, half_hours

SECONDS_A_HALF_HOUR = MICROSECONDS_A_HALF_HOUR // 1_000_000

# Rows that nobody looks for or updates: inserters wait neither for each other nor for who takes the notes.
_NOTE = "INSERT INTO ops.changed_periods (period) SELECT to_timestamp(number * %s) FROM unnest(%s::bigint[]) AS number"


def note(cursor: Cursor, keys: Keys) -> None:
    """Note the half hours of positions, in the transaction that stores them."""
    cursor.execute(_NOTE, [SECONDS_A_HALF_HOUR, half_hours(keys)])
