"""The shape of an application's payload: a table of fields, then perhaps lists of records to its end.

Offsets count from the first bit after the application identifier, so that an application reads the same in an addressed
and in a broadcast message. The names in a table are the keys of `Binary.content`; docs/decoding.md has their convention.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.decoder.fields import Field, Json

Content = dict[str, Json]
Finish = Callable[[Content], None]


@dataclass(frozen=True, eq=False)  # compared and hashed as the one object it is
class Table:
    """Fields, then lists. `finish` changes the content just read, in place, where one value depends on another.

    `turns` says, for each field that does not stay as it was read, the keys that `finish` makes of it.
    """

    fields: tuple[Field, ...]
    lists: tuple["Records", ...] = ()
    finish: Finish | None = None
    turns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Kinds:
    """Records of several kinds: the number at `offset` chooses the table, and its name goes under `key`."""

    key: str
    offset: int
    width: int
    tables: Mapping[int, tuple[str, Table]]


@dataclass(frozen=True, eq=False)
class Records:
    """Records of `width` bits each, at most `most`, from `offset` on, as many as the payload holds.

    A record whose values are all absent, or that lacks `key`, is a place that is not used and is left out.
    """

    name: str
    offset: int
    width: int
    most: int
    table: Table | Kinds
    key: str | None = None


@dataclass(frozen=True, eq=False)
class Application:
    """`name` is one of fairway.applications.APPLICATIONS; `source` says who defined the payload and where.

    With `choice`, the number at that offset and width chooses the table; without a table nothing is known but the name.
    With `lengths`, a payload of any other number of bits belongs to somebody else.
    """

    name: str
    source: str
    tables: Mapping[int, Table]
    choice: tuple[int, int] | None = None
    lengths: frozenset[int] | None = None


def application(name: str, source: str, *fields: Field, lists: tuple[Records, ...] = ()) -> Application:
    """An application with one table."""
    return Application(name, source, {0: Table(fields, lists)})
