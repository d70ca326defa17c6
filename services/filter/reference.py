"""Writes the tables of docs/filtering.md from the models of the rules: `make docs`; a test holds them equal.

They stand between marks, as those of fairway.reference do.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic.fields import FieldInfo

from fairway import flags, reference
from services.filter.rules import RULES
from services.filter.rules.rule import RuleOptions


def tables() -> dict[str, str]:
    """Every table by its name: the flags, the options that all rules have, and those of each rule."""
    common = RuleOptions.model_fields
    made = {"flags": _flags(), "options": _options(common)}
    for name, options in RULES.items():
        own = {field: info for field, info in options.model_fields.items() if field != "rule" and _is_own(field, info)}
        made[f"options-{name}"] = _options(own)
    return made


def fill(text: str) -> str:
    """`text` with the tables between its marks written anew. Raises KeyError for a mark that is no table's name."""
    return reference.fill(text, tables())


def _is_own(name: str, field: FieldInfo) -> bool:
    """Whether an option is not that of all rules, as it is there."""
    of_all = RuleOptions.model_fields.get(name)
    return of_all is None or of_all.default != field.default


def _options(fields: Mapping[str, FieldInfo]) -> str:
    rows = (f"| `{name}` | {_default(field)} | {field.description} |" for name, field in fields.items())
    return _table("| option | default | meaning |\n|---|---|---|", rows)


def _flags() -> str:
    rows = (f"| {flag.bit} | `{flag.name}` | {flag.sentence} |" for flag in flags.FLAGS)
    return _table("| bit | name | what it says |\n|--:|---|---|", rows)


def _table(heading: str, rows: Iterable[str]) -> str:
    return "\n".join([heading, *rows, ""])


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, (list, tuple)):
        return ", ".join(f"`{each}`" for each in value) or "none"
    return f"{value:.6g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value or "none")


if __name__ == "__main__":
    for page in sys.argv[1:]:
        Path(page).write_text(fill(Path(page).read_text(encoding="utf-8")), encoding="utf-8")
