"""The compiled way of laying rows out writes what the other writes, and nothing makes it look elsewhere."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.columns import NO_TEXT, Texts
from services.db_inserter import binary_copy
from services.db_inserter.tables import Table, Type

pytestmark = pytest.mark.skipif(binary_copy.compiled is None, reason="services.db_inserter.tuples is not compiled")

EVERYTHING = Table("t", {kind.name.lower(): kind for kind in Type})
VALUES = st.lists(st.tuples(*([st.binary(min_size=8, max_size=8)] * len(EVERYTHING.fields))), max_size=5)


@given(VALUES, st.lists(st.text(max_size=20), min_size=1), st.booleans())
def test_both_ways_write_the_same(values: list[tuple[bytes, ...]], words: list[str], is_turned: bool) -> None:
    texts, rows = Texts(), EVERYTHING.rows(len(values))
    numbers = [texts.number(word) for word in words]
    for row, some in zip(rows, values, strict=True):
        for (name, kind), value in zip(EVERYTHING.fields.items(), some, strict=True):
            row[name] = usual(kind, np.frombuffer(value[: kind.form.itemsize], kind.form)[0], numbers)
    order = np.arange(len(rows))[::-1].copy() if is_turned else None
    columns = tuple(EVERYTHING.columns)
    one, other = (
        way(EVERYTHING, columns, rows, texts, order, 0) for way in (binary_copy._tuples, binary_copy._lay_out)
    )
    assert one == other


def usual(kind: Type, value: Any, numbers: list[int]) -> Any:
    """Any value, as far as its type may have it."""
    if kind in (Type.TEXT, Type.JSONB):
        return numbers[value % len(numbers)] if value >= 0 else NO_TEXT
    if kind is Type.BOOLEAN:
        return value if value == kind.null else value % 2
    return value // 4 if kind is Type.TIMESTAMP else value  # or Python could not count from 2000 on


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"columns": ((6, 24, 0),)}, ValueError),
        ({"columns": ((2, 21, 0),)}, ValueError),
        ({"columns": ((2, -1, 0),)}, ValueError),
        ({"columns": ((9, 16, 17),)}, ValueError),
        ({"columns": ((10, 0, 0),)}, ValueError),
        ({"columns": ((7, 0, 0),), "rows": b"\1" + b"\0" * 23}, ValueError),
        ({"columns": ((7, 0, 0),), "ends": b"\xff" * 8}, ValueError),
        ({"columns": ((7, 0, 0),), "ends": (4).to_bytes(8, "little")}, ValueError),
        ({"columns": ((7, 0, 0),) * 1601}, ValueError),
        ({"stop": 2}, IndexError),
        ({"start": 1, "stop": 0}, IndexError),
        ({"start": -1}, IndexError),
        ({"order": np.array([1])}, IndexError),
        ({"order": np.array([-1])}, IndexError),
        ({"row_size": 0, "columns": ((2, 0, 0),)}, ValueError),
        ({"row_size": 25}, IndexError),
    ],
)
def test_nothing_is_read_outside_rows_and_texts(change: dict[str, Any], error: type[Exception]) -> None:
    sound: dict[str, Any] = {
        "rows": b"\0" * 24,
        "row_size": 24,
        "order": None,
        "start": 0,
        "stop": 1,
        "columns": ((2, 20, 0),),
    }
    sound |= {"heap": b"abc", "ends": (3).to_bytes(8, "little")}
    assert binary_copy.compiled.tuples_of(*sound.values())
    with pytest.raises(error):
        binary_copy.compiled.tuples_of(*{**sound, **change}.values())
