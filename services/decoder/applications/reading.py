"""Reads an application's payload into its content: named values, absent ones left out."""

from functools import lru_cache

from services.decoder.applications.application import Application, Content, Kinds, Records, Table
from services.decoder.bits import Bits
from services.decoder.fields import Json
from services.decoder.reading import PADDING_BITS, Convert, converter, is_cut, present

Step = tuple[str, int, int, Convert]
Names = tuple[str, ...]


def read_content(application: Application, payload: Bits) -> tuple[Content, Names]:
    """The content, and the names of fields and lists of which the payload is too short to hold all."""
    table = _table(application, payload)
    return _read(table, payload, 0, payload.length) if table else ({}, ())


def _table(application: Application, payload: Bits) -> Table | None:
    if application.choice is None:
        return application.tables.get(0)
    offset, width = application.choice
    return application.tables.get(payload.number(offset, width)) if payload.length >= offset + width else None


def _read(table: Table, payload: Bits, start: int, length: int) -> tuple[Content, Names]:
    """What `table` finds in the `length` bits from `start`."""
    steps, cut = _plan(table, length)
    content: Content = {}
    for name, offset, width, convert in steps:
        value = convert(payload.number(start + offset, width))
        if isinstance(value, str):
            value = value.strip() or None  # station names are padded on the left, too
        if value is not None:
            content[name] = value
    for records in table.lists:
        content[records.name] = _records(records, payload, start, length)
    cut += tuple(records.name for records in table.lists if _is_list_cut(records, payload, start, length))
    if table.finish:
        table.finish(content)
    return content, cut


@lru_cache(maxsize=1024)  # as many as tables and their lengths; the bound is for noise
def _plan(table: Table, length: int) -> tuple[tuple[Step, ...], Names]:
    widths = [(field, present(field, length)) for field in table.fields]
    steps = tuple((field.name, field.offset, width, converter(field, width)) for field, width in widths if width)
    return steps, tuple(field.name for field in table.fields if is_cut(field, length))


def _count(records: Records, length: int) -> int:
    """How many whole records a payload of `length` bits holds."""
    return min(records.most, max(0, length - records.offset) // records.width)


def _records(records: Records, payload: Bits, start: int, length: int) -> list[Json]:
    found: list[Json] = []
    for place in range(_count(records, length)):
        record = _record(records.table, payload, start + records.offset + place * records.width, records.width)
        if record and (records.key is None or records.key in record):
            found.append(record)
    return found


def _record(table: Table | Kinds, payload: Bits, start: int, width: int) -> Content:
    if isinstance(table, Table):
        return _read(table, payload, start, width)[0]
    code = payload.number(start + table.offset, table.width)
    if code not in table.tables:
        return {table.key: f"reserved_{code}"}
    name, chosen = table.tables[code]
    return {table.key: name, **_read(chosen, payload, start, width)[0]}


def _is_list_cut(records: Records, payload: Bits, start: int, length: int) -> bool:
    """Whether there is no record, or bits that say something after the last whole one: more than zeros or padding."""
    count = _count(records, length)
    rest = length - records.offset - count * records.width
    if count == 0 or count == records.most or rest <= PADDING_BITS:
        return count == 0
    return payload.number(start + length - rest, rest) != 0
