"""docs/filtering.md says what the code does."""

from pathlib import Path

from pydantic.fields import FieldInfo

from services.filter.rule_file import PRESETS
from services.filter.rules import RULES

PAGE = (Path(__file__).parents[4] / "docs" / "filtering.md").read_text()


def _default(field: FieldInfo) -> str:
    value = field.default
    return f"{value:.6g}" if isinstance(value, (int, float)) else value or "none"


def test_the_table_of_options_is_that_of_the_models():
    written = [line for line in PAGE.splitlines() if line.count("|") == 5 and line.startswith("| `")]
    assert written == [
        f"| `{rule}` | `{name}` | {_default(field)} | {field.description} |"
        for rule, options in RULES.items()
        for name, field in options.model_fields.items()
        if name != "rule"
    ]


def test_every_preset_is_explained():
    assert all(f"| `{preset}` |" in PAGE for preset in PRESETS)
