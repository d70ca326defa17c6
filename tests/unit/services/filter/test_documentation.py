"""docs/filtering.md says what the code does."""

from pathlib import Path

import yaml

from services.filter import reference
from services.filter.rule_file import PRESETS, parse, read
from services.filter.rules import RULES

PAGE = (Path(__file__).parents[4] / "docs" / "filtering.md").read_text()


def test_the_tables_are_those_of_the_models():
    assert reference.fill(PAGE) == PAGE


def test_every_rule_has_a_section_with_its_options():
    for rule in RULES:
        assert f"\n### `{rule}`\n" in PAGE
        assert f"<!-- begin options-{rule} -->" in PAGE
    assert "<!-- begin options -->" in PAGE
    assert "<!-- begin flags -->" in PAGE


def test_every_preset_is_explained_and_can_be_read():
    for preset in PRESETS:
        assert f"| `{preset}` |" in PAGE
        read(preset)


def test_every_example_of_rules_is_one(tmp_path: Path):
    square = '{"type": "Polygon", "coordinates": [[[9, 54], [13, 54], [13, 58], [9, 58], [9, 54]]]}'
    examples = [block.split("```")[0] for block in PAGE.split("```yaml\n")[1:]]
    assert examples
    for example in examples:
        for name in ("harbour.geojson", "land.geojson"):
            (tmp_path / name).write_text(square)
        assert parse(example, "the page", tmp_path), yaml.safe_load(example)
