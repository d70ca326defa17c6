"""What a known table looks like: which columns give which fields, and which record a row becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fairway.records import Decoded
from services.ingest.formats.tables.cells import Convert
from services.ingest.formats.tables.kinds import Kind

Fields = dict[str, Any]  # of one record, by name, before it is made


@dataclass(frozen=True)
class Reading:
    """How a field comes of a row. The text of several columns is joined with a space.

    A field with a dot (`ship_type.cargo`) goes where its first half goes, for `Layout.combine` to take.
    """

    field: str
    columns: tuple[str, ...]  # plain names, see columns.plain
    convert: Convert

    @property
    def goal(self) -> str:
        """The field of the record that this is for."""
        return self.field.partition(".")[0]


@dataclass(frozen=True)
class Layout:
    """How a table is read. Without `time` its rows are dated by their receipt."""

    name: str
    mmsi: Reading | None  # None: `constants` has it
    time: Reading | None  # to milliseconds since 1970
    readings: tuple[Reading, ...]
    kind: Kind  # of a row, unless `kinds` has one for the text in `kind_column`
    kind_column: str | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    is_closed: bool = False  # a row whose kind is not in `kinds` is rejected
    combine: Callable[[type[Decoded], Fields, str], None] | None = None  # changes the fields of a record; event_time
    combined: frozenset[str] = frozenset()  # which fields `combine` may change
    constants: Mapping[str, Any] = field(default_factory=dict)  # fields that every row has
    other: "Layout | None" = None  # reads the rows whose text in a column is so
    is_other: tuple[str, Callable[[str], bool]] | None = None
