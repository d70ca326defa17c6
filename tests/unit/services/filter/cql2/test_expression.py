"""Expressions by themselves: what they mean, and what is said of those that mean nothing."""

import numpy as np
import pytest

from fairway.errors import BadSetting
from services.filter.cql2.expression import Expression
from services.filter.cql2.values import Place, Real, Text, Value

NOTHING = np.nan
COLUMNS: dict[str, Value] = {
    "sog": Real(np.array([1.0, 12.0, NOTHING, 20.0])),
    "ship_type": Real(np.array([80.0, 85.0, 82.0, 30.0])),
    "own_ship": Real(np.array([0.0, 1.0, 0.0, 0.0])),
    "name": Text(np.array([0, 1, -1, 0]), ["PILOT_1", "O'Brien"]),
    "position": Place(np.array([10.0, 20.0, NOTHING, 12.0]), np.array([55.0, 55.0, NOTHING, 56.0])),
    "event_time": Real(np.array([1e12, 1.7e12, 1.8e12, NOTHING])),
}
KINDS = {name: type(column) for name, column in COLUMNS.items()}


class Asked:
    def __len__(self) -> int:
        return 4

    def column(self, name: str) -> Value:
        return COLUMNS[name]


def matching(text: str) -> list[int]:
    """The numbers of the rows that match."""
    return np.flatnonzero(Expression(text, KINDS).matches(Asked())).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ship_type BETWEEN 80 AND 89 AND sog > 10", [1]),
        ("ship_type NOT BETWEEN 81 AND 89", [0, 3]),
        ("sog IN (1, 20)", [0, 3]),
        ("sog <> 1", [1, 3]),
        ("sog >= 12 AND sog <= 12", [1]),
        ("sog < 0 - 5 + 7", [0]),
        ("sog * 2 > ship_type / 4", [1, 3]),
        ("sog / 0 > 1", []),
        ("mod(ship_type, 10) = 0", [0, 3]),
        ("sog ^ 2 = 144", [1]),
        ("ship_type div 10 = 8", [0, 1, 2]),
        ("own_ship = true", [1]),
        ("name LIKE 'PILOT%'", [0, 3]),
        ("name LIKE 'PILOT\\_1'", [0, 3]),
        ("name LIKE 'O_Brien'", [1]),
        ("name LIKE 'PILOT'", []),
        ("name = 'O''Brien'", [1]),
        ("casei(name) = casei('o''brien')", [1]),
        ("name < 'P'", [1]),
        ("name IS NULL", [2]),
        ("name IS NOT NULL", [0, 1, 3]),
        ("S_INTERSECTS(position, BBOX(9, 54, 13, 58))", [0, 3]),
        ("S_INTERSECTS(BBOX(9, 54, 13, 58), position)", [0, 3]),
        ("S_INTERSECTS(position, BBOX(19, 54, -170, 58))", [1]),
        ("S_WITHIN(position, POLYGON((9 54, 11 54, 11 56, 9 56, 9 54)))", [0]),
        ("S_DISJOINT(position, BBOX(9, 54, 13, 58))", [1]),
        ("event_time > DATE('2020-01-01')", [1, 2]),
        ("event_time <= TIMESTAMP('2001-09-09T01:46:40Z')", [0]),
        ("T_AFTER(event_time, TIMESTAMP('2020-01-01T00:00:00Z'))", [1, 2]),
        ("T_DURING(event_time, INTERVAL('2020-01-01T00:00:00Z', '..'))", [1, 2]),
        ("T_DURING(event_time, INTERVAL('..', '2020-01-01T00:00:00Z'))", [0]),
    ],
)
def test_an_expression_means_what_it_says(text: str, rows: list[int]) -> None:
    assert matching(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("NOT sog > 10", [0]),
        ("sog > 10 OR NOT sog > 10", [0, 1, 3]),
        ("sog > 10 OR ship_type = 82", [1, 2, 3]),
        ("NOT (sog > 10 AND ship_type = 30)", [0, 1, 2]),
        ("NOT name LIKE 'PILOT%'", [1]),
        ("NOT S_INTERSECTS(position, BBOX(9, 54, 13, 58))", [1]),
    ],
)
def test_what_is_not_known_neither_holds_nor_fails(text: str, rows: list[int]) -> None:
    assert matching(text) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sgo > 1", "sgo is no property; did you mean sog?"),
        ("qqq > 1", "qqq is no property"),
        ("name > 3", "name and 3.0 cannot be compared"),
        ("position = 3", "position and 3.0 cannot be compared"),
        ("sog >", "is not CQL2 at character 6: expected"),
        ("sog", "is not CQL2"),
        ("", "is not CQL2"),
        ("name + 1 = 2", "name is no number, which + asks for"),
        ("sog LIKE 'x'", "sog is no text, which LIKE asks for"),
        ("S_INTERSECTS(name, POINT(1 2))", "S_INTERSECTS asks for a position and a geometry"),
        ("S_TOUCHES(position, POINT(1 2))", "is nothing that is true or false"),
        ("foo(sog) = 1", "FOO(…) is no value that can be asked here"),
        ("event_time > TIMESTAMP('yesterday')", "CQL2"),
        ("T_MEETS(event_time, INTERVAL('..', '2020-01-01T00:00:00Z'))", "is nothing that is true or false"),
        ("sog > 1 " + "AND sog > 1 " * 1000, "at most 10000 characters"),
    ],
)
def test_what_means_nothing_is_said_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadSetting) as error:
        Expression(text, KINDS)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_an_expression_tells_what_it_asks_for() -> None:
    assert Expression("ship_type = 80 AND casei(name) = 'x'", KINDS).properties == {"ship_type", "name"}
