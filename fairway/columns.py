"""Decoded records as columns: bodies of NDJSON read into rows of the caller's form, without an object a record.

    bodies ─► Reader.read ─┬─► rows, one for each line that was understood, by shape
                           └─► lines that are left, to be decoded one by one ─► Read.take_in ─► rows, too

A line is understood only where its row says what `rows_of` says of the record that `records.decode_decoded` makes of it: what is
unusual, damaged or not surely the same is left. Without the compiled `fairway.members` every line is left, and everything works
all the same, slower.

A shape says which kinds of records become which rows. The type of a field says how its member is put into it:

    member    field        what is in it
    int       int8…int64   the number
    float     float64      the number; in float32 the nearest to that
    float     int32        units of 1e-7, for degrees
    bool      int8         1 or 0
    str       int64        a time of our form (clock.py), in microseconds since 1970 UTC
    str       int32        the number of the text, among the texts of this call
    dict      int32        likewise of its JSON

No number is the least of its type: that may serve as null.
"""

import secrets
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from fairway import clock
from fairway.records import DECODED_KINDS, Decoded, kind_of

try:
    from fairway import members as compiled
except ImportError:
    compiled = None  # type: ignore[assignment]

Rows = NDArray[Any]

LINE = np.dtype(
    [
        ("begin", np.int64),  # offset in its body
        ("end", np.int64),  # that of its line end
        ("body", np.int32),  # which of the bodies
        ("kind", np.int32),  # place of its kind in `Reader.kinds`; NOWHERE where that is not known
        ("row", np.int32),  # place among the rows of its shape; NOWHERE where the line is left
        ("spare", np.int32),
    ]
)
NOWHERE = -1
NO_TEXT = -1  # what stands for a text that is not there
UNITS_A_DEGREE = 10_000_000

_KIND = "kind"  # the name that each line begins with
_RECORDS: Mapping[str, type[Decoded]] = {kind_of(kind): kind for kind in DECODED_KINDS}


class Misfit(ValueError):
    """A record has a value that its field in a row cannot hold."""


class Texts:
    """Distinct texts under the numbers that stand for them in rows."""

    def __init__(self, heap: bytearray | None = None, ends: bytes | bytearray = b"") -> None:
        self.heap = bytearray() if heap is None else heap  # all of them, in UTF-8, one behind the other
        self.ends = array("q")  # where each one ends
        self.ends.frombytes(ends)

    def __len__(self) -> int:
        return len(self.ends)

    def text(self, number: int) -> str:
        """The text of this number."""
        return self.coded(number).decode()

    def coded(self, number: int) -> bytearray:
        """The same in UTF-8."""
        return self.heap[self.ends[number - 1] if number else 0 : self.ends[number]]

    def number(self, text: str) -> int:
        """The number of a text, from now on if it had none."""
        coded = text.encode()
        number = self._numbers.setdefault(coded, len(self._numbers))
        if number == len(self.ends):
            self.heap += coded
            self.ends.append(len(self.heap))
        return number

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        heap = bytes(self.heap)
        return {heap[start:end]: n for n, (start, end) in enumerate(zip((0, *self.ends), self.ends, strict=False))}


class Labels:
    """Distinct combinations of values, which are numbers of texts, and flags, under the numbers that stand for them in rows."""

    def __init__(self, combinations: Sequence[tuple[int, ...]] = ()) -> None:
        self._numbers = {values: number for number, values in enumerate(combinations)}

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, values: tuple[int, ...]) -> int:
        """The number of a combination, from now on if it had none."""
        return self._numbers.setdefault(values, len(self._numbers))


@dataclass(frozen=True, eq=False)
class Shape:
    """Into which rows the lines of some kinds are read.

    A field of `row` takes the member of its own name, or that which `members` says; what a line does not say stays as it is in
    `nulls`, one row. What a record has as false when nobody says it (own_ship, low_resolution) must be so there, too, and is
    not gathered; see below. Raises ValueError when it is not so.

    These fields take no member, and are None where nobody wants them: `kind`, the place of the kind in `Reader.kinds` (int8);
    `body` and `line`, which of the bodies and of `Read.lines` it is (int32); `label`, the number of the combination of the values
    of `parts` (int32); `gathered`, the number of the JSON of what the line says of the members `gathers` (int32). `parts` are
    texts and flags, with what each is where a line does not say it. What is gathered is an object, or an array of pairs, of the
    members in the order of the record; a line that has them in another is left.

    Any other member leaves its line, unless it is one to be passed over: of `passes_over`, or, when that is None, any whatever.
    One that records.py knows must still be of its type.
    """

    kinds: tuple[str, ...]
    row: np.dtype[np.void]
    nulls: Rows
    members: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    body: str | None = None
    line: str | None = None
    label: str | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    gathered: str | None = None
    gathers: Collection[str] = ()
    gathers_pairs: bool = False
    passes_over: Collection[str] | None = None

    def __post_init__(self) -> None:
        for kind in self.kinds:
            for name in (member.name for member in msgspec.structs.fields(_RECORDS[kind]) if member.default is False):
                if name in self.gathers or any(
                    self.nulls[each].any() for each, of in self.fields.items() if of == name
                ):
                    raise ValueError(f"{name} is false in a record that does not say it")

    def offset_of(self, name: str | None) -> int:
        """Where in a row a field is."""
        fields: Mapping[str, tuple[Any, ...]] = self.row.fields or {}
        return NOWHERE if name is None else int(fields[name][1])

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """The fields that take a member, with its name."""
        marks = {self.kind, self.body, self.line, self.label, self.gathered}
        return {name: self.members.get(name, name) for name in self.row.names or () if name not in marks}


class Read:
    """What was read of some bodies: lines (see LINE), those that are not empty, in order; labels by shape; and texts."""

    def __init__(
        self, shapes: Sequence[Shape], bodies: Sequence[bytes], lines: Rows, rows: Sequence[bytearray]
    ) -> None:
        self.bodies = bodies
        self.lines = lines
        self.labels = tuple(Labels() for _ in shapes)
        self.texts = Texts()
        self._shapes = shapes
        self._buffers = rows

    @property
    def rows(self) -> tuple[Rows, ...]:
        """The rows by shape, in the order of their lines. While somebody holds them nothing can be taken in."""
        return tuple(np.frombuffer(some, shape.row) for some, shape in zip(self._buffers, self._shapes, strict=True))

    def left(self) -> list[int]:
        """The numbers of the lines that were not understood; of blank ones, too."""
        found: list[int] = np.flatnonzero(self.lines["row"] == NOWHERE).tolist()
        return found

    def line(self, number: int) -> bytes:
        """The bytes of a line, without its end."""
        line = self.lines[number]
        body: bytes = self.bodies[line["body"]]
        return body[line["begin"] : line["end"]]

    def take_in(self, numbers: Sequence[int], records: Sequence[Decoded]) -> None:
        """Add the rows of records that were made of lines, whose numbers these are, behind the others. Raises Misfit."""
        words, shapes = _kinds(self._shapes)
        for kind in dict.fromkeys(map(type, records)):
            some = [place for place, record in enumerate(records) if type(record) is kind]
            place = words.index(kind_of(kind))
            self._add(shapes[place], place, [numbers[n] for n in some], [records[n] for n in some])

    def _add(self, number: int, kind: int, lines: Sequence[int], records: Sequence[Decoded]) -> None:
        shape = self._shapes[number]
        rows = rows_of(shape, records, self.texts, self.labels[number])
        marks = {shape.kind: kind, shape.body: self.lines["body"][lines], shape.line: lines}
        for name, values in marks.items():
            if name is not None:
                rows[name] = values
        first = len(self._buffers[number]) // shape.row.itemsize
        self._buffers[number].extend(rows.tobytes())
        self.lines["kind"][lines] = kind
        self.lines["row"][lines] = np.arange(first, first + len(rows))


class Reader:
    """Reads the lines of the kinds of some shapes, which have no kind in common. Of the first there should be most."""

    def __init__(self, *shapes: Shape) -> None:
        self.kinds = _kinds(shapes)[0]
        self._shapes = shapes
        self._compiled = _compiled(shapes)

    def read(self, bodies: Sequence[bytes]) -> Read:
        """The lines of the bodies, as far as they are understood. Nothing that may be in them raises anything."""
        if self._compiled is None:
            return Read(self._shapes, bodies, _split(bodies), [bytearray() for _ in self._shapes])
        lines, rows, parts, heap, ends = self._compiled.read(bodies)
        read = Read(self._shapes, bodies, np.frombuffer(lines, LINE), rows)
        read.labels = tuple(_labels(some, shape) for some, shape in zip(parts, self._shapes, strict=True))
        read.texts = Texts(heap, ends)
        return read


def _kinds(shapes: Sequence[Shape]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The kinds of all shapes, and for each the place of its shape."""
    pairs = [(kind, place) for place, shape in enumerate(shapes) for kind in shape.kinds]
    return tuple(kind for kind, _ in pairs), tuple(place for _, place in pairs)


def rows_of(shape: Shape, records: Sequence[Decoded], texts: Texts, labels: Labels) -> Rows:
    """The rows of records of one kind, which is the shape's. Raises Misfit.

    Which kind, body and line it is they do not say.
    """
    rows = np.repeat(np.asarray(shape.nulls, shape.row).reshape(1), len(records))
    if not records:
        return rows
    for name, member in shape.fields.items():
        values = [getattr(record, member, None) for record in records]
        if any(value is not None for value in values):
            convert = _converter(member, _types(type(records[0]))[member], shape.row[name], texts)
            null = rows[name][0].item()
            rows[name] = [null if value is None else convert(value) for value in values]
    if shape.label is not None:
        rows[shape.label] = [labels.number(_label(shape.parts, record, texts)) for record in records]
    if shape.gathered is not None:
        rows[shape.gathered] = [texts.number(_gathered(shape, record)) for record in records]
    return rows


def _converter(member: str, kind: type, form: np.dtype[Any], texts: Texts) -> Callable[[Any], float]:
    """What makes the values of a member those of a field."""
    if (kind, form.itemsize) == (str, 8):
        return lambda value: _microseconds(member, value)
    if kind is str:
        return texts.number
    if kind is dict:
        return lambda value: texts.number(msgspec.json.encode(value).decode())
    most = float(np.finfo(form).max) if form.kind == "f" else int(np.iinfo(form).max)
    units = UNITS_A_DEGREE if kind is float and form.kind == "i" else None

    def number(value: float) -> float:
        found = value if units is None else round(value * units)
        if not abs(found) <= most:
            raise Misfit(f"{member} cannot be {value}")
        return found

    return number


def _microseconds(member: str, text: str) -> int:
    try:
        found = clock.to_ms(text)
        if text[10] == "T" and clock.to_text(found) == text:
            return found * 1000
    except ValueError:
        pass
    raise Misfit(f"{member} cannot be {text}, which is not a time of the form {clock.FORM}")


def _label(parts: Mapping[str, int], record: Decoded, texts: Texts) -> tuple[int, ...]:
    values = ((getattr(record, name, None), otherwise) for name, otherwise in parts.items())
    return tuple(
        otherwise if value is None else texts.number(value) if isinstance(value, str) else int(value)
        for value, otherwise in values
    )


def _gathered(shape: Shape, record: Decoded) -> str:
    said = {name: getattr(record, name) for name in record.__struct_fields__ if name in shape.gathers}
    pairs = {name: value for name, value in said.items() if value is not None}
    return msgspec.json.encode(list(pairs.items()) if shape.gathers_pairs else pairs).decode()


def _labels(parts: bytearray, shape: Shape) -> Labels:
    count = len(shape.parts)
    return Labels(list(map(tuple, np.frombuffer(parts, np.int32).reshape(-1, count).tolist())) if count else ())


def _split(bodies: Sequence[bytes]) -> Rows:
    """All lines, none of them understood."""
    found = [(*place, number, NOWHERE, NOWHERE, 0) for number, body in enumerate(bodies) for place in _full_lines(body)]
    return np.array(found, LINE)


def _full_lines(body: bytes) -> Iterator[tuple[int, int]]:
    start = 0
    for line in body.split(b"\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1


# What a value must be, and how it is put into a row: the numbers of native/plan.h.
_VALUES = {int: 1, float: 2, bool: 3, str: 4, dict: 5}
_HOW = {
    (int, "i1"): 0,
    (int, "i2"): 1,
    (int, "i4"): 2,
    (int, "i8"): 3,
    (float, "f4"): 4,
    (float, "f8"): 5,
    (float, "i4"): 6,
    (str, "i8"): 7,
    (bool, "i1"): 8,
    (str, "i4"): 9,
    (dict, "i4"): 9,
}


def _compiled(shapes: Sequence[Shape]) -> "compiled.Reader | None":
    if compiled is None:
        return None
    names = {_KIND: 0}
    for word in _kinds(shapes)[0]:
        for name in _RECORDS[word].__struct_fields__:
            names.setdefault(name, len(names))
    kinds = [
        (word.encode(), number, shape.passes_over is None, tuple(_members(shape, _RECORDS[word], names)))
        for number, shape in enumerate(shapes)
        for word in shape.kinds
    ]
    seed = secrets.randbits(64)  # a stranger's texts must not all meet in one place of the table of texts
    return compiled.Reader(tuple(name.encode() for name in names), tuple(map(_plan, shapes)), tuple(kinds), seed)


def _plan(shape: Shape) -> "compiled.Shape":
    kind, body, line, label = (shape.offset_of(name) for name in (shape.kind, shape.body, shape.line, shape.label))
    parts = np.array(list(shape.parts.values()), np.int32).tobytes()
    nulls = np.asarray(shape.nulls, shape.row).tobytes()
    return nulls, kind, body, line, label, parts, shape.offset_of(shape.gathered), shape.gathers_pairs


def _members(shape: Shape, record: type[Decoded], names: Mapping[str, int]) -> Iterator["compiled.Member"]:
    """The members of a kind that are read or passed over."""
    parts = {name: place for place, name in enumerate(shape.parts)}
    ranks = {name: rank for rank, name in enumerate(record.__struct_fields__) if name in shape.gathers}
    for member in msgspec.structs.fields(record):
        name, kind = member.name, _types(record)[member.name]
        fields = [each for each, of_member in shape.fields.items() if of_member == name]
        outputs = tuple((_HOW[kind, shape.row[each].str[1:]], shape.offset_of(each)) for each in fields)
        part, rank = parts.get(name, NOWHERE), ranks.get(name, NOWHERE)
        is_read = outputs or part != NOWHERE or rank != NOWHERE
        if is_read or shape.passes_over is None or name in shape.passes_over:
            yield names[name], _VALUES[kind], member.required, part, rank, outputs


@lru_cache(maxsize=len(DECODED_KINDS))
def _types(record: type[Decoded]) -> Mapping[str, type]:
    """The type of each member: of `int | None` and the like, the plain one."""
    return {name: _plain(hint) for name, hint in get_type_hints(record).items() if name in record.__struct_fields__}


def _plain(hint: Any) -> type:
    plain = next(each for each in (get_args(hint) if isinstance(hint, UnionType) else (hint,)) if each is not NoneType)
    found: type = get_origin(plain) or plain
    return found
