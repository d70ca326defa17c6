"""Rows as binary COPY has them."""

from struct import unpack_from

import numpy as np

from services.db_inserter.binary_copy import HEADER, ROWS_AT_ONCE, TRAILER, binary_rows, columns_of
from services.db_inserter.position_rows import COLUMNS, empty_rows

HALF_A_SECOND_INTO_2000 = 946_684_800_500_000
SHORT = ("event_time", "received_at", "mmsi", "label", "sog", "heading", "raim")


def row(**fields: float) -> np.void:
    rows = empty_rows(1)
    for name, value in {
        "event_time": HALF_A_SECOND_INTO_2000,
        "received_at": 0,
        "mmsi": 219000001,
        "label": 7,
        **fields,
    }.items():
        rows[name] = value
    return rows[0]


def test_a_row_is_its_values_with_their_lengths() -> None:
    rows = np.array([row(sog=12.5, heading=359, raim=1)])
    header, body, trailer = binary_rows(rows, SHORT)
    assert (header, trailer) == (HEADER, TRAILER)
    assert unpack_from(">h iq iq ii ii if ih ib", body) == (
        7, 8, 500_000, 8, -946_684_800_000_000, 4, 219000001, 4, 7, 4, 12.5, 2, 359, 1, 1,
    )  # fmt: skip


def test_a_null_is_a_length_of_minus_one_without_a_value() -> None:
    rows = np.array([row(raim=0), row(sog=0.0, heading=0)])
    (_, body, _) = binary_rows(rows, SHORT)
    assert unpack_from(">i i ib", body, 2 + 12 + 12 + 8 + 8) == (-1, -1, 1, 0)
    second = 2 + 12 + 12 + 8 + 8 + 4 + 4 + 5
    assert unpack_from(">if ih i", body, second + 2 + 12 + 12 + 8 + 8) == (4, 0.0, 2, 0, -1)


def test_columns_without_any_value_are_left_out() -> None:
    rows = np.array([row(sog=1.0), row(heading=5)])
    assert columns_of(rows) == ("event_time", "received_at", "mmsi", "label", "sog", "heading")


def test_many_rows_are_made_in_pieces() -> None:
    rows = np.repeat(np.array([row()]), ROWS_AT_ONCE + 1)
    pieces = list(binary_rows(rows))
    assert len(pieces) == 4
    assert len(b"".join(pieces)) == len(HEADER + TRAILER) + len(rows) * (2 + 4 * len(COLUMNS) + 8 + 8 + 4 + 4)
