"""Which cells a message of one layout and length has: the printed form of reading.py.

The layouts are the same (reports.py, network.py), the fields are read as there, and what is said of a raw number is what
`reading.converter` says of it. A layout with a rule or form that has no cell has no cells at all; the reader of one record
takes its messages.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import msgspec

from fairway.calendar import CLOCK
from fairway.records import kind_of
from services.decoder import cells, rules
from services.decoder.applications import catalogue
from services.decoder.applications.reading import read_content
from services.decoder.applications.rule import ContentFrom
from services.decoder.bits import Bits
from services.decoder.cells import Cell, Span
from services.decoder.drafts import EMPTY, Draft, cells_of, constant, member_text, narrow
from services.decoder.fields import DEGREE_DIGITS, Field, Form
from services.decoder.layout import HEAD, Layout
from services.decoder.reading import CHARACTER_BITS, TABLE_BITS, missing, present

_ETA = ("eta_month", "eta_day", "eta_hour", "eta_minute")


class NoCells(Exception):
    """The layout has something that only the reader of one record can read."""


@lru_cache(maxsize=256)  # some 30 lengths occur often; the bound is for noise
def plan(layout: Layout, length: int) -> tuple[Cell, ...] | None:
    """The cells of a line; None when the layout has none."""
    try:
        members = {**_members(layout, length), **_said_by_rules(layout, length)}
    except NoCells:
        return None
    order = layout.kind.__struct_fields__  # type: ignore[attr-defined]
    cut = missing(layout, length)
    drafts: list[Draft | Cell] = [constant("missing", cut)] if cut else []
    drafts += [members[name] for name in order if name in members]
    return (*_head_cells(layout), *cells_of([*drafts, Draft((), (b"}\n",))]))


def _head_cells(layout: Layout) -> Sequence[Cell]:
    repeat, mmsi = HEAD
    kind = f'{{"kind":"{kind_of(layout.kind)}",'.encode()  # type: ignore[arg-type]
    types = Draft(((0, 6),), tuple(b',"msg_type":%d' % number for number in range(64)))
    heads = cells_of([types.then(narrow(repeat))])
    return cells.constant(kind), cells.ENVELOPE, cells.number("mmsi", mmsi), *heads, cells.SENDER, cells.DIGEST


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
            return cells.text(field.name, (field.offset, width))
        case Form.FREE_TEXT:
            raise NoCells
    if width <= TABLE_BITS:
        return narrow(field)
    if field.form is Form.INTEGER and not field.signed and not field.bias and field.step == 1:
        return cells.number(field.name, field)
    return _degrees(field)


def _degrees(field: Field) -> Cell:
    """Raises NoCells when the field is not what `fields._degrees` makes, or its decimals could be a tie."""
    parts, rest = divmod(10**DEGREE_DIGITS, field.per_unit)
    of = 1
    while rest and of < 1000:
        of += 1
        parts, rest = divmod(10**DEGREE_DIGITS * of, field.per_unit)
    most = (field.high or 0) // field.per_unit
    usual = field.signed and field.form is Form.DECIMAL and field.digits == DEGREE_DIGITS and field.step == 1
    bounded = field.high == -(field.low or 0) == most * field.per_unit and not field.null and not field.bias
    if not (usual and bounded) or rest or of % 2 == 0:
        raise NoCells
    return cells.degrees(field.name, (field.offset, field.width), most, parts, of)


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
                said |= {"eta": cells.eta("eta", [there[name] for name in _ETA])} if there.keys() >= set(_ETA) else {}
            case rules.assemble_utc:
                said["utc_time"] = cells.clock("utc_time", [there[name] for name in CLOCK])
            case rules.join_name_extension:
                said |= _extended_name(length)
            case rules.ForgetWithout(keys, names):
                said |= _forgotten(there, keys, names)
            case rules.DataFrom(offset, 0):
                said["data"] = cells.data(offset)
            case ContentFrom(_message, offset, 0) if "data" in said:
                spans = tuple((there[name].offset, there[name].width) for name in ("dac", "fid"))
                said["data"] = cells.data(offset, partial(_content, rule.message), spans)
            case _:
                raise NoCells
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
            one, other = pair
            both = cells.pair(one.spans[0], one.texts, other.spans[0], other.texts)
            said[names[0]], said[names[1]] = both, EMPTY
        elif pair:
            name = next(name for name in names if name in there)
            said[name] = Draft(pair[0].spans, (b"", *pair[0].texts[1:]))
    return said


def _forgotten(there: Mapping[str, Field], keys: Sequence[str], names: Sequence[str]) -> Mapping[str, Draft | Cell]:
    there_keys = tuple(there[key] for key in keys if key in there)
    said: dict[str, Draft | Cell] = {}
    for name in names:
        if name in there:
            number = narrow(there[name])
            said[name] = cells.hidden(number.spans[0], number.texts, there_keys)
    return said


def _extended_name(length: int) -> Mapping[str, Draft | Cell]:
    characters = rules.extension_characters(length)
    if not characters:
        return {}
    spans = (rules.NAME_OFFSET, rules.NAME_CHARACTERS), (rules.EXTENSION_OFFSET, characters)
    return {"name": cells.text("name", *((offset, count * CHARACTER_BITS) for offset, count in spans))}


def _content(message: int, dac: int, fid: int, data: bytes, width: int) -> bytes | None:
    """The members that the application says; None when it is cut: the names of what is not there go before the data."""
    application = catalogue.find(message, dac, fid, width)
    if application is None:
        return b""
    content, cut = read_content(application, Bits(int.from_bytes(data, "big") >> (-width & 7), width))
    if cut:
        return None
    name = b',"application":%b' % msgspec.json.encode(application.name)
    return name + b',"content":%b' % msgspec.json.encode(content) if content else name
