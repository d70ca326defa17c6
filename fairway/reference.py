"""Writes the tables of docs/messages.md from the code that they describe: `make docs`; a test holds them equal.

A table stands between `<!-- begin NAME -->` and `<!-- end -->`; what is around it is written by people.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from fairway import records
from fairway.applications import APPLICATIONS

MARKED = re.compile(r"(<!-- begin (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def tables() -> dict[str, str]:
    """Every table by its name."""
    common = records.field_sentences(records.Decoded)
    kinds: Iterable[type[records.Record]] = (records.Raw, *records.DECODED_KINDS, records.Rejected)
    made = {
        "record": _table("field", records.field_sentences(records.Record)),
        "decoded": _table("field", _without(common, records.field_sentences(records.Record))),
        "reasons": _table("reason", records.REASONS),
        "time_sources": _table("time_source", records.TIME_SOURCES),
        "applications": _table("application", APPLICATIONS),
    }
    for kind in kinds:
        shared = common if issubclass(kind, records.Decoded) else records.field_sentences(records.Record)
        made[records.kind_of(kind)] = _table("field", _without(records.field_sentences(kind), shared))
    return made


def fill(text: str, made: Mapping[str, str] | None = None) -> str:
    """`text` with the tables between its marks written anew. Raises KeyError for a mark that is no table's name."""
    made = tables() if made is None else made
    return MARKED.sub(lambda found: found[1] + made[found[2]] + found[3], text)


def _without(sentences: Mapping[str, str], left_out: Mapping[str, str]) -> dict[str, str]:
    return {name: sentence for name, sentence in sentences.items() if name not in left_out}


def _table(heading: str, rows: Mapping[str, str]) -> str:
    lines = (f"| `{name}` | {sentence} |" for name, sentence in rows.items())
    return "\n".join([f"| {heading} | meaning |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(fill(Path(name).read_text()))
