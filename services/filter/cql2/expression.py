"""A CQL2 text, read once and then asked of many reports at a time.

    ship_type BETWEEN 80 AND 89 AND sog > 10
    S_INTERSECTS(position, BBOX(9, 54, 13, 58)) AND NOT name LIKE 'PILOT%'

The package `cql2` reads and validates; here is what the tree of operators means for columns. Of the standard: the comparisons,
LIKE, BETWEEN, IN, IS NULL, CASEI, arithmetic, the spatial predicates of a point, and the temporal ones of an instant.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import reduce
from typing import Any, Protocol

import cql2
import numpy as np
import shapely
from shapely.geometry import shape

from fairway import clock
from fairway.errors import BadSetting
from services.filter.cql2.values import Place, Real, Text, Truth, Value, truth
from services.filter.reports import Flags

Node = Any  # of the tree: JSON
LONGEST = 10_000  # characters


class Source(Protocol):
    """Where an expression finds its columns."""

    def __len__(self) -> int: ...

    def column(self, name: str) -> Value:
        """The values of a property, one for each report."""


Ask = Callable[[Source], Truth]
Take = Callable[[Source], Value]


class Expression:
    """`properties` are the names that it asks for. Raises BadSetting for what is not CQL2, or asks for what is not there."""

    def __init__(self, text: str, properties: Mapping[str, type[Value]]) -> None:
        self.text = text
        self._known = properties
        self.properties: set[str] = set()
        self._ask = self._truth(_tree(text))

    def matches(self, source: Source) -> Flags:
        """For which reports it holds; not for those of which it is not known."""
        return self._ask(source).holds

    def _truth(self, node: Node) -> Ask:
        if isinstance(node, bool):
            return lambda source: truth(np.full(len(source), node), np.ones(len(source), np.bool_))
        match node:
            case {"op": "and" | "or" as word, "args": arguments}:
                parts, together = [self._truth(each) for each in arguments], _TOGETHER[word]
                return lambda source: reduce(together, (part(source) for part in parts))
            case {"op": "not", "args": [argument]}:
                inner = self._truth(argument)
                return lambda source: ~inner(source)
            case {"op": "isNull", "args": [argument]}:
                take = self._value(argument)
                return lambda source: truth(~take(source).known(), np.ones(len(source), np.bool_))
            case {"op": "between", "args": [value, low, high]}:
                return self._truth(
                    {"op": "and", "args": [{"op": ">=", "args": [value, low]}, {"op": "<=", "args": [value, high]}]}
                )
            case {"op": "in", "args": [value, list(choices)]}:
                return self._truth({"op": "or", "args": [{"op": "=", "args": [value, each]} for each in choices]})
            case {"op": str(word), "args": [one, other]} if word in _COMPARISONS:
                return self._comparison(word, one, other)
            case {"op": "like", "args": [value, str(pattern)]}:
                return self._like(value, pattern)
            case {"op": str(word), "args": [one, other]} if word in _SPATIAL:
                return self._spatial(word, one, other)
            case {"op": str(word), "args": [one, other]} if word in _TEMPORAL:
                return self._temporal(word, one, other)
            case {"property": str()}:
                return self._comparison("=", node, True)
        raise BadSetting(f"{_said(node)} is nothing that is true or false")

    def _comparison(self, word: str, one: Node, other: Node) -> Ask:
        left, right, compare = self._value(one), self._value(other), _COMPARISONS[word]

        def ask(source: Source) -> Truth:
            first, second = left(source), right(source)
            if isinstance(first, Real) and isinstance(second, Real):
                return first.compare(second, compare)
            assert isinstance(first, Text)
            assert isinstance(second, Text)
            return first.compare(second, compare)

        kinds = {self._kind(one), self._kind(other)}
        if len(kinds) > 1 or Place in kinds:
            raise BadSetting(f"{_said(one)} and {_said(other)} cannot be compared")
        return ask

    def _like(self, value: Node, pattern: str) -> Ask:
        """% stands for any characters, _ for one, and a backslash takes the meaning of the next away."""
        if self._kind(value) is not Text:
            raise BadSetting(f"{_said(value)} is no text, which LIKE asks for")
        take, matches = self._value(value), re.compile(_regular(pattern), re.DOTALL).fullmatch

        def ask(source: Source) -> Truth:
            texts = take(source)
            assert isinstance(texts, Text)
            return truth(texts.each(lambda text: matches(text) is not None, bool), texts.known())

        return ask

    def _spatial(self, word: str, one: Node, other: Node) -> Ask:
        if self._kind(one) is not Place:
            one, other, word = other, one, _SPATIAL_TURNED.get(word, word)
        if self._kind(one) is not Place or self._kind(other) is not None:
            raise BadSetting(f"{word.upper()} asks for a position and a geometry")
        take, geometry, predicate = self._value(one), _geometry(other), _SPATIAL[word]
        shapely.prepare(geometry)

        def ask(source: Source) -> Truth:
            place = take(source)
            assert isinstance(place, Place)
            known = place.known()
            flags = np.zeros(len(known), np.bool_)
            flags[known] = predicate(geometry, place.lon[known], place.lat[known])
            return truth(flags, known)

        return ask

    def _temporal(self, word: str, one: Node, other: Node) -> Ask:
        if word in _INSTANTS and not _is_interval(other):
            return self._comparison(_INSTANTS[word], one, other)
        if word not in _INTERVALS or not _is_interval(other):
            raise BadSetting(f"{word.upper()} cannot be asked of {_said(one)} and {_said(other)}")
        low, high = _bounds(other)
        begin, end, (after, before) = {"timestamp": low}, {"timestamp": high}, _INTERVALS[word]
        sides = [(after, begin)] if low != ".." and after else []
        sides += [(before, end)] if high != ".." and before else []
        return self._truth({"op": "and", "args": [{"op": op, "args": [one, side]} for op, side in sides] or [True]})

    def _kind(self, node: Node) -> type[Value] | None:
        """What kind of values a node has; None for a geometry."""
        match node:
            case {"property": str(name)}:
                if name not in self._known:
                    close = get_close_matches(name, self._known, n=1, cutoff=0.5)
                    raise BadSetting(f"{name} is no property{f'; did you mean {close[0]}?' if close else ''}")
                return self._known[name]
            case str() | {"op": "casei"}:
                return Text
            case {"type": str()} | {"bbox": list()}:
                return None
        return Real

    def _value(self, node: Node) -> Take:
        match node:
            case {"property": str(name)}:
                self._kind(node)
                self.properties.add(name)
                return lambda source: source.column(name)
            case bool() | int() | float():
                return lambda source: Real(np.full(len(source), float(node)))
            case str(text):
                return lambda source: Text(np.zeros(len(source), np.int64), [text])
            case {"timestamp": str(text)} | {"date": str(text)}:
                return self._value(_milliseconds(text))
            case {"op": "casei", "args": [argument]} if self._kind(argument) is Text:
                take = self._value(argument)
                return lambda source: _folded(take(source))
            case {"op": str(word), "args": [one, other]} if word in _ARITHMETIC:
                return self._arithmetic(word, one, other)
        raise BadSetting(f"{_said(node)} is no value that can be asked here")

    def _arithmetic(self, word: str, one: Node, other: Node) -> Take:
        for side in (one, other):
            if self._kind(side) is not Real:
                raise BadSetting(f"{_said(side)} is no number, which {word} asks for")
        left, right, compute = self._value(one), self._value(other), _ARITHMETIC[word]

        def take(source: Source) -> Value:
            first, second = left(source), right(source)
            assert isinstance(first, Real)
            assert isinstance(second, Real)
            with np.errstate(all="ignore"):
                numbers = compute(first.numbers, second.numbers)
            return Real(np.where(np.isfinite(numbers), numbers, np.nan))  # what cannot be computed is null

        return take


def _tree(text: str) -> Node:
    if len(text) > LONGEST:
        raise BadSetting(f"an expression has at most {LONGEST} characters")
    try:
        expression = cql2.parse_text(text)
        expression.validate()
        return expression.to_json()
    except Exception as error:  # the package raises plain Exception for what it cannot read
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        where = re.search(r"(\d+):(\d+)", lines[0]) if lines else None
        place = f" at character {where[2]}" if where else ""
        raise BadSetting(f"{text!r} is not CQL2{place}: {lines[-1].lstrip('= ') if lines else error}") from None


def _said(node: Node) -> str:
    """A part of the tree as one would write it, in short."""
    match node:
        case {"property": name}:
            return str(name)
        case {"op": word}:
            return f"{str(word).upper()}(…)"
        case {"timestamp": text} | {"date": text}:
            return str(text)
        case {"type": kind}:
            return f"a {kind}"
    return repr(node)


def _regular(pattern: str) -> str:
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join({"%": ".*", "_": "."}.get(part) or re.escape(part[-1]) for part in parts)


def _folded(value: Value) -> Value:
    assert isinstance(value, Text)
    return value.changed(str.casefold)


def _geometry(node: Node) -> Any:
    match node:
        case {"bbox": [west, south, east, north]} if west <= east:
            return shapely.box(west, south, east, north)
        case {"bbox": [west, south, east, north]}:  # across the antimeridian
            return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))
        case {"type": str()}:
            return shape(node)
    raise BadSetting(f"{_said(node)} is no geometry")


def _milliseconds(text: str) -> float:
    try:
        if "T" not in text:
            return float(clock.ms_of(datetime.combine(date.fromisoformat(text), datetime.min.time())))
        return float(clock.ms_of(datetime.fromisoformat(text)))
    except ValueError:
        raise BadSetting(f"{text} is no time; write TIMESTAMP('2026-01-02T03:04:05Z') or DATE('2026-01-02')") from None


def _is_interval(node: Node) -> bool:
    return isinstance(node, dict) and "interval" in node


def _bounds(node: Node) -> tuple[str, str]:
    low, high = node["interval"]
    if not isinstance(low, str) or not isinstance(high, str):
        raise BadSetting("an interval is INTERVAL('from', 'to'), with '..' for an open end")
    return low, high


_TOGETHER: dict[str, Callable[[Truth, Truth], Truth]] = {"and": operator.and_, "or": operator.or_}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "%": operator.mod,
    "mod": operator.mod,
    "div": operator.floordiv,
}


def _outside(geometry: Any, lon: Any, lat: Any) -> Any:
    return ~shapely.intersects_xy(geometry, lon, lat)


_SPATIAL: dict[str, Callable[[Any, Any, Any], Any]] = {
    "s_intersects": shapely.intersects_xy,
    "s_within": shapely.contains_xy,  # of a point: not on the border
    "s_contains": lambda geometry, lon, lat: np.zeros(len(lon), np.bool_),  # a point contains no area
    "s_disjoint": _outside,
}
_SPATIAL_TURNED = {"s_within": "s_contains", "s_contains": "s_within"}
_TEMPORAL = {"t_after", "t_before", "t_equals", "t_during", "t_intersects", "t_disjoint"}
_INSTANTS = {"t_after": ">", "t_before": "<", "t_equals": "=", "t_intersects": "=", "t_disjoint": "<>"}
# Of an instant and an interval: how it lies to the beginning, how to the end.
_INTERVALS: dict[str, tuple[str | None, str | None]] = {
    "t_during": (">", "<"),
    "t_intersects": (">=", "<="),
}
