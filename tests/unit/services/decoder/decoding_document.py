"""The tables of docs/decoding.md, made from the tables of the decoder; the document must hold them as they are."""

from collections.abc import Iterator
from pathlib import Path

from fairway.applications import APPLICATIONS
from fairway.records import kind_of
from services.decoder import network, reports
from services.decoder.applications.application import Application, Kinds, Records, Table
from services.decoder.applications.catalogue import CATALOGUE
from services.decoder.layout import HEAD, Layout

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "decoding.md"

# In the order of the document: message, layout
MESSAGES: list[tuple[str, Layout]] = [
    ("1, 2, 3", reports.CLASS_A),
    ("4, 11", reports.BASE_STATION),
    ("5", reports.STATIC),
    ("6", network.ADDRESSED_BINARY),
    ("7, 13", network.ACKNOWLEDGEMENT),
    ("8", network.BROADCAST_BINARY),
    ("9", reports.SAR_AIRCRAFT),
    ("10", network.INQUIRY),
    ("12", network.ADDRESSED_SAFETY),
    ("14", network.BROADCAST_SAFETY),
    ("15", network.INTERROGATION),
    ("16", network.ASSIGNMENT),
    ("17", network.CORRECTIONS),
    ("18", reports.CLASS_B),
    ("19", reports.CLASS_B_EXTENDED),
    ("20", network.RESERVATIONS),
    ("21", reports.ATON),
    ("22 to an area", network.CHANNELS_OF_AREA),
    ("22 to stations", network.CHANNELS_OF_STATIONS),
    ("23", network.GROUP_ASSIGNMENT),
    ("24 A", reports.STATIC_A),
    ("24 B", reports.STATIC_B),
    ("24 B, auxiliary craft", reports.STATIC_B_AUXILIARY),
    ("25", network.flexible_binary(True, True, with_state=False)),
    ("26", network.flexible_binary(True, True, with_state=True)),
    ("27", reports.LONG_RANGE),
    ("28", reports.ATON_SINGLE_SLOT),
]


def message_rows() -> Iterator[str]:
    """Each layout: record, least bits, fields with their first bit and width."""
    for name, layout in MESSAGES:
        fields = [f"`{field.name}` {field.offset}+{field.width}" for field in layout.fields[len(HEAD) :]]
        yield f"| {name} | `{kind_of(layout.kind)}` | {layout.required} | {', '.join(fields)} |"  # type: ignore[arg-type]


def application_rows() -> Iterator[str]:
    """Each application: what it is found by, its sentence, its source."""
    for application in dict.fromkeys(CATALOGUE.values()):
        keys = [f"{kind}: {dac}/{fid}" for (kind, dac, fid), value in CATALOGUE.items() if value is application]
        sentence = APPLICATIONS[application.name]
        yield f"| `{application.name}` | {', '.join(keys)} | {sentence} | {application.source} |"


def content_rows() -> Iterator[str]:
    """Each application: the keys of its content."""
    for application in dict.fromkeys(CATALOGUE.values()):
        yield from (f"| `{application.name}`{variant} | {keys} |" for variant, keys in _contents(application))


def _contents(application: Application) -> Iterator[tuple[str, str]]:
    several = len(application.tables) > 1
    for code, table in application.tables.items():
        yield (f" {code}" if several else ""), _keys(table)


def _keys(table: Table) -> str:
    names = [key for field in table.fields for key in table.turns.get(field.name, (field.name,))]
    return ", ".join([*(f"`{name}`" for name in names), *(_list(records) for records in table.lists)])


def _list(records: Records) -> str:
    if isinstance(records.table, Kinds):
        kinds = (f"*{name}*: {_keys(table)}" for name, table in records.table.tables.values())
        return f"`{records.name}` [by `{records.table.key}`: {'; '.join(kinds)}]"
    return f"`{records.name}` [{_keys(records.table)}]"
