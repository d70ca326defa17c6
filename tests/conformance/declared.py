"""The disagreements that docs/decoding.md declares, each with its reason; the tests hold what they find against them."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.conformance.agreement import Difference

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "decoding.md"
BEGIN, END = "<!-- begin disagreements -->", "<!-- end disagreements -->"
ROW = re.compile(
    r"\| (?P<source>[^|]+) \| ``(?P<payload>[^|]*)`` \| `(?P<field>[^|]+)` \| (?P<values>.*) \| (?P<why>[a-z]) \|"
)
SHOWN = 24  # characters of the payload, enough to tell the messages apart

Found = frozenset[tuple[str, str, str]]


def payload(sentence: str) -> str:
    """What names a message in the list: the beginning of its first payload."""
    return sentence.split(",")[5][:SHOWN]


def values(difference: Difference) -> str:
    """Both values as the list has them."""
    return f"``{difference.ours!r}`` | ``{difference.theirs!r}``"


def as_found(differences: Iterable[Difference]) -> Found:
    """Differences in the form of the list; the same one of several messages is one."""
    return frozenset((payload(one.message), one.field, values(one)) for one in differences)


def declared(source: str) -> Found:
    """What the document declares for a source."""
    rows = (ROW.fullmatch(line) for line in _section().splitlines())
    return frozenset((row["payload"], row["field"], row["values"]) for row in rows if row and row["source"] == source)


def _section() -> str:
    text = DOCUMENT.read_text()
    return text[text.index(BEGIN) : text.index(END)]


LIBAIS = declared("libais test_data")
LIBAIS_EXAMPLES = declared("libais examples")
GPSD = declared("gpsd logs")
GPSD_SYNTHETIC = declared("gpsd synthetic")
MARITIMO = declared("maritimo")
KPLER = declared("kpler")
CROSS = declared("cross-decoder truth")
CROSS_WIDE = declared("cross-decoder shared names")
