"""Rows as binary COPY has them, with a compiler and without."""

from struct import unpack_from

import numpy as np
import pytest

from fairway.columns import Rows, Texts
from services.db_inserter import binary_copy
from services.db_inserter.binary_copy import HEADER, ROWS_AT_ONCE, TRAILER, binary_rows, columns_of
from services.db_inserter.positions import POSITIONS
from services.db_inserter.tables import Table, Type

HALF_A_SECOND_INTO_2000 = 946_684_800_500_000
SHORT = ("event_time", "received_at", "mmsi", "label", "sog", "heading", "raim")
EVERYTHING = Table("t", {kind.name.lower(): kind for kind in Type})
NULL = b"\xff\xff\xff\xff"

needs_a_compiler = pytest.mark.skipif(
    binary_copy.compiled is None, reason="services.db_inserter.tuples is not compiled"
)


@pytest.fixture(params=[pytest.param(True, marks=needs_a_compiler), False], ids=["compiled", "one by one"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(binary_copy, "compiled", None)


pytestmark = pytest.mark.usefixtures("_way")


def row(**fields: float) -> Rows:
    rows = POSITIONS.rows(1)
    for name, value in {
        "event_time": HALF_A_SECOND_INTO_2000,
        "received_at": 0,
        "mmsi": 219000001,
        "label": 7,
        **fields,
    }.items():
        rows[name] = value
    return rows


def test_a_row_is_its_values_with_their_lengths() -> None:
    header, body, trailer = binary_rows(POSITIONS, SHORT, row(sog=12.5, heading=359, raim=1), Texts())
    assert (header, trailer) == (HEADER, TRAILER)
    assert unpack_from(">h iq iq ii ii if ih ib", body) == (
        7, 8, 500_000, 8, -946_684_800_000_000, 4, 219000001, 4, 7, 4, 12.5, 2, 359, 1, 1,
    )  # fmt: skip


def test_a_null_is_a_length_of_minus_one_without_a_value() -> None:
    rows = np.concatenate([row(raim=0), row(sog=0.0, heading=0)])
    (_, body, _) = binary_rows(POSITIONS, SHORT, rows, Texts())
    assert unpack_from(">i i ib", body, 2 + 12 + 12 + 8 + 8) == (-1, -1, 1, 0)
    second = 2 + 12 + 12 + 8 + 8 + 4 + 4 + 5
    assert unpack_from(">if ih i", body, second + 2 + 12 + 12 + 8 + 8) == (4, 0.0, 2, 0, -1)


@pytest.mark.parametrize(
    ("column", "value", "written"),
    [
        ("timestamp", HALF_A_SECOND_INTO_2000 - 1_000_000, (-500_000).to_bytes(8, "big", signed=True)),
        ("bigint", -2, b"\xff" * 7 + b"\xfe"),
        ("integer", 258, b"\0\0\1\2"),
        ("smallint", -1, b"\xff\xff"),
        ("real", 1.0, b"\x3f\x80\0\0"),
        ("double", -0.0, b"\x80" + b"\0" * 7),
        ("boolean", 1, b"\1"),
        ("text", 1, "Ærø".encode()),
        ("text", 0, b""),
        ("jsonb", 2, b"\1{}"),
    ],
)
def test_every_type_has_its_form(column: str, value: float, written: bytes) -> None:
    texts = Texts()
    assert [texts.number(text) for text in ("", "Ærø", "{}")] == [0, 1, 2]
    rows = EVERYTHING.rows(2)
    rows[column][1] = value
    (_, body, _) = binary_rows(EVERYTHING, [column], rows, texts)
    assert body == b"\0\1" + NULL + b"\0\1" + len(written).to_bytes(4, "big") + written


@pytest.mark.parametrize("where", [{}, {"lon": 1.0}, {"lat": 1.0}])
def test_half_a_position_is_none(where: dict[str, float]) -> None:
    rows = EVERYTHING.rows(1)
    for name, value in where.items():
        rows[name] = value
    assert list(binary_rows(EVERYTHING, ["point"], rows, Texts()))[1] == b"\0\1" + NULL
    assert columns_of(EVERYTHING, rows) == ()


def test_a_position_is_a_wgs_84_point() -> None:
    rows = EVERYTHING.rows(1)
    rows["lon"], rows["lat"] = 1.0, 2.0
    written = "0001 00000019 00 20000001 000010e6 3ff0000000000000 4000000000000000"
    assert list(binary_rows(EVERYTHING, ["point"], rows, Texts()))[1] == bytes.fromhex(written)
    assert columns_of(EVERYTHING, rows) == ("point",)


def test_columns_without_any_value_are_left_out() -> None:
    rows = np.concatenate([row(sog=1.0), row(heading=5)])
    assert columns_of(POSITIONS, rows) == ("event_time", "received_at", "mmsi", "label", "sog", "heading")


def test_many_rows_are_made_in_pieces_in_the_order_asked_for() -> None:
    rows = np.repeat(row(), ROWS_AT_ONCE + 1)
    rows["label"] = np.arange(len(rows))
    order = np.arange(len(rows))[::-1].copy()
    pieces = list(binary_rows(POSITIONS, ["label"], rows, Texts(), order))
    assert len(pieces) == 4
    assert b"".join(pieces[1:-1])[6:10] == ROWS_AT_ONCE.to_bytes(4, "big")
    assert b"".join(pieces[1:-1]) == b"".join(b"\0\1\0\0\0\4" + n.to_bytes(4, "big") for n in order.tolist())
    assert list(binary_rows(POSITIONS, ["label"], rows, Texts(), order[:0])) == [HEADER, TRAILER]
