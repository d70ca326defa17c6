"""Which cells a message of one layout and length has, and its lines: the column form of reading.py.

The layouts are the same (reports.py, network.py), the fields are read as there, and what is said of a raw number is what
`reading.converter` says of it. A layout with a rule or form that has no column form has no cells; the reader of one record
takes its messages.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from fairway.calendar import CLOCK
from fairway.records import kind_of
from services.decoder import rules
from services.decoder.applications.rule import ContentFrom
from services.decoder.cells import (
    Cell,
    Columns,
    Degrees,
    Digest,
    Hidden,
    Pair,
    SenderCell,
    Span,
    Wide,
    degree_texts,
    digits,
)
from services.decoder.data_cells import Data
from services.decoder.drafts import EMPTY, Draft, cells_of, constant, member_text, narrow, with_nothing
from services.decoder.fields import DEGREE_DIGITS, Field, Form
from services.decoder.layout import HEAD, Layout
from services.decoder.reading import CHARACTER_BITS, TABLE_BITS, missing, present
from services.decoder.text_cells import Eta, StationClock, text_cell

ENVELOPE = b"\x01"  # stands in a line where the kind and the envelope go: no JSON has this byte
_ETA = ("eta_month", "eta_day", "eta_hour", "eta_minute")


class NoColumns(Exception):
    """The layout has something that only the reader of one record can read."""


def head(layout: Layout) -> bytes:
    """What a line of this layout begins with, up to the envelope."""
    return f'{{"kind":"{kind_of(layout.kind)}",'.encode()  # type: ignore[arg-type]


def lines(cells: Sequence[Cell], columns: Columns) -> bytes:
    """A line for each payload, with ENVELOPE where its head and envelope go."""
    pieces = [piece for cell in cells for piece in cell.pieces(columns)]
    rows = np.empty(len(columns.payloads), _row(tuple(piece.dtype.itemsize for piece in pieces)))
    for name, piece in zip(rows.dtype.names or (), pieces, strict=True):
        rows[name] = piece
    return rows.tobytes().translate(None, b"\0")


@lru_cache(maxsize=1024)
def _row(widths: tuple[int, ...]) -> np.dtype[np.void]:
    return np.dtype([(f"piece_{place}", f"V{width}") for place, width in enumerate(widths)])


@lru_cache(maxsize=256)  # some 30 lengths occur so often that they are read in columns; the bound is for noise
def plan(layout: Layout, length: int) -> tuple[Cell, ...] | None:
    """The cells of a line; None when the layout has no column form."""
    try:
        members = {**_members(layout, length), **_said_by_rules(layout, length)}
    except NoColumns:
        return None
    order = layout.kind.__struct_fields__  # type: ignore[attr-defined]
    cut = missing(layout, length)
    drafts: list[Draft | Cell] = [constant("missing", cut)] if cut else []
    drafts += [members[name] for name in order if name in members]
    drafts.append(Draft((), (b"}\n",)))
    return (*_head_cells(), *cells_of(drafts))


def _head_cells() -> Iterator[Cell]:
    repeat, mmsi = HEAD
    types = Draft(((0, 6),), tuple(b',"msg_type":%d' % number for number in range(64)))
    yield Wide((mmsi.offset, mmsi.width), digits(ENVELOPE + b',"mmsi":', (1 << mmsi.width) - 1))
    yield from cells_of([types.then(narrow(repeat))])
    yield SenderCell()
    yield Digest(digits(b',"digest":', (1 << 32) - 1))


def _members(layout: Layout, length: int) -> Mapping[str, Draft | Cell]:
    members: dict[str, Draft | Cell] = {}
    for field in layout.fields:
        width = present(field, length)
        if width and field not in HEAD:
            members[field.name] = _member(field, width)
    return members


def _member(field: Field, width: int) -> Draft | Cell:
    match field.form:
        case Form.TEXT:
            return text_cell(field.name, (field.offset, width // CHARACTER_BITS))
        case Form.FREE_TEXT:
            raise NoColumns
    if width <= TABLE_BITS:
        return narrow(field)
    if field.form is Form.INTEGER and not field.signed and not field.bias and field.step == 1:
        name = f',"{field.name}":'.encode()
        return Wide((field.offset, width), digits(name, (1 << width) - 1), field.low, field.high, field.null)
    return _degrees(field)


def _degrees(field: Field) -> Degrees:
    """Raises NoColumns when the field is not what `fields._degrees` makes, or its decimals could be a tie."""
    parts, rest = divmod(10**DEGREE_DIGITS, field.per_unit)
    of = 1
    while rest and of < 1000:
        of += 1
        parts, rest = divmod(10**DEGREE_DIGITS * of, field.per_unit)
    most = (field.high or 0) // field.per_unit
    usual = field.signed and field.form is Form.DECIMAL and field.digits == DEGREE_DIGITS and field.step == 1
    bounded = field.high == -(field.low or 0) == most * field.per_unit and not field.null and not field.bias
    if not (usual and bounded) or rest or of % 2 == 0:
        raise NoColumns
    return Degrees((field.offset, field.width), most, parts, of, degree_texts(field.name, most))


def _said_by_rules(layout: Layout, length: int) -> Mapping[str, Draft | Cell]:
    said: dict[str, Draft | Cell] = {}
    there = {field.name: field for field in layout.fields if present(field, length) == field.width}
    for rule in layout.rules:
        match rule:
            case rules.SayPart(part):
                said["part"] = constant("part", part)
            case rules.KeepReserved():
                said["reserved"] = _reserved(rule.present(length))
            case rules.mark_low_resolution:
                said["low_resolution"] = constant("low_resolution", True)
            case rules.zero_dimensions_are_null:
                said |= _dimensions(there)
            case rules.resolve_eta:
                said |= {"eta": Eta(tuple(there[name] for name in _ETA))} if there.keys() >= set(_ETA) else {}
            case rules.assemble_utc:
                said["utc_time"] = StationClock(tuple(there[name] for name in CLOCK))
            case rules.join_name_extension:
                said |= _extended_name(length)
            case rules.ForgetWithout(keys, names):
                said |= _forgotten(there, keys, names)
            case rules.DataFrom(offset, 0):
                said["data"] = Data(offset)
            case ContentFrom(_message, offset, 0) if "data" in said:
                said["data"] = Data(
                    offset, rule, tuple((there[name].offset, there[name].width) for name in ("dac", "fid"))
                )
            case _:
                raise NoColumns
    return said


def _reserved(spans: tuple[Span, ...]) -> Draft:
    count = 1 << sum(width for _offset, width in spans)
    return Draft(spans, tuple(member_text("reserved", number or None) for number in range(count)))


def _dimensions(there: Mapping[str, Field]) -> Mapping[str, Draft | Cell]:
    """A pair of which one is cut off is null when the other is zero."""
    said: dict[str, Draft | Cell] = {}
    for names in rules.DIMENSION_PAIRS:
        pair = [narrow(there[name]) for name in names if name in there]
        if len(pair) == 2:
            one, other = map(with_nothing, pair)
            said[names[0]], said[names[1]] = Pair(one, other), EMPTY
        elif pair:
            name = next(name for name in names if name in there)
            said[name] = Draft(pair[0].spans, (b"", *pair[0].texts[1:]))
    return said


def _forgotten(there: Mapping[str, Field], keys: Sequence[str], names: Sequence[str]) -> Mapping[str, Draft | Cell]:
    there_keys = tuple(there[key] for key in keys if key in there)
    said: dict[str, Draft | Cell] = {}
    for name in names:
        if name in there:
            said[name] = Hidden(with_nothing(narrow(there[name])), there_keys)
    return said


def _extended_name(length: int) -> Mapping[str, Draft | Cell]:
    characters = rules.extension_characters(length)
    if not characters:
        return {}
    spans = (rules.NAME_OFFSET, rules.NAME_CHARACTERS), (rules.EXTENSION_OFFSET, characters)
    return {"name": text_cell("name", *spans)}
