"""Texts without the character that PostgreSQL cannot hold."""

from typing import TypeVar

import msgspec

NUL = "\0"
_NUL_IN_JSON = b"\\u0000"

T = TypeVar("T", bound=msgspec.Struct)


def without_nul(record: T, line: bytes) -> T:
    """The record of a line, with no NUL in its texts, nor in what an application says."""
    if _NUL_IN_JSON not in line:
        return record
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    return msgspec.structs.replace(record, **{name: _without(value) for name, value in values.items()})


def _without(value: object) -> object:
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, dict):
        return {_without(name): _without(each) for name, each in value.items()}
    return [_without(each) for each in value] if isinstance(value, list) else value
