"""Rules as people write them."""

from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.settings import FilterSettings
from services.filter.rule_file import PRESETS, parse, read
from services.filter.rules import RULES


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_read(preset: str):
    assert all(rule.name in RULES for rule in read(preset))


def test_the_default_drops_copies_first_then_jumps_then_what_is_no_news():
    assert [rule.name for rule in read("default")] == ["duplicate", "plausible", "redundant"]


def test_keep_all_has_no_rules():
    assert read("keep_all") == []


def test_the_default_of_the_setting_is_a_preset_and_its_sentence_names_all():
    setting = FilterSettings.model_fields["filter_rules"]
    assert setting.default in PRESETS
    assert all(preset in str(setting.description) for preset in PRESETS)


def test_every_rule_answers_to_its_name():
    assert {name: options.model_fields["rule"].default for name, options in RULES.items()} == {
        name: name for name in RULES
    }


def test_rules_may_be_a_file(tmp_path: Path):
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n  - rule: duplicate\n    seconds: 5\n")
    assert [rule.name for rule in read(str(file))] == ["duplicate"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be `rules:` with a list under it"),
        ("- rule: duplicate", "must be `rules:` with a list under it"),
        ("rules: []\nmore: 1", "must be `rules:` with a list under it"),
        ("rules: [", "line 1 is not YAML"),
        ("rules: \x00", "is not YAML"),
        ("rules:\n  - duplicate", "rule 1 must be options with `rule:` and a name"),
        ("rules:\n  - rule: duplicates", "rule 1: duplicates is not a rule; did you mean duplicate?"),
        ("rules:\n  - rule: xyz", "xyz is not a rule; the rules are area, duplicate, expression, land"),
        ("rules:\n  - rule: area\n    boxs: []", "rule 1, area: boxs is not an option; did you mean boxes?"),
        ("rules:\n  - {rule: redundant, metre: 5}", "redundant: metre is not an option; did you mean metres?"),
        (
            "rules:\n  - {rule: redundant, metres: -5}",
            "redundant: metres is not right (it is -5): input should be greater",
        ),
        ("rules:\n  - {rule: plausible, max_knots: fast}", "max_knots is not right (it is 'fast')"),
        ("rules:\n  - {rule: plausible, max_knots: .inf}", "max_knots is not right (it is inf)"),
        (
            "rules:\n  - {rule: plausible, checks: [speed]}",
            "checks.0 is not right (it is 'speed'): input should be 'implied_",
        ),
        ("rules:\n  - {rule: plausible, checks: []}", "checks is not right (it is []): tuple should have at least 1"),
        ("rules:\n  - {rule: plausible, stations: {kiel: [54.3, 110.1]}}", "kiel must be [lon, lat] in degrees"),
        ("rules:\n  - {rule: area}", "rule 1, area: give at least one of boxes and polygons"),
        ("rules:\n  - {rule: area, boxes: [[1, 2, 3]]}", "boxes.0.3 is not right"),
        (
            "rules:\n  - {rule: area, boxes: [[1, 5, 3, 2]]}",
            "boxes.0 is not right (it is [1, 5, 3, 2]): a box is [west, south,",
        ),
        ("rules:\n  - {rule: area, polygons: [5]}", "polygons.0 is not right (it is 5)"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text: str, said: str):
    with pytest.raises(BadSetting) as caught:
        parse(text, "mine.yaml", Path())
    sentence = str(caught.value)
    assert sentence.startswith("filter rules mine.yaml: ")
    assert said in sentence
    assert "\n" not in sentence


def test_a_name_that_is_neither_preset_nor_file_names_the_nearest_preset():
    with pytest.raises(
        BadSetting, match=r"^defualt is neither a file of filter rules nor a preset; did you mean default\?$"
    ):
        read("defualt")


def test_a_folder_is_not_a_rule_file(tmp_path: Path):
    with pytest.raises(BadSetting, match="cannot be read as filter rules"):
        read(str(tmp_path))


def test_a_file_that_is_not_text_is_not_a_rule_file(tmp_path: Path):
    (tmp_path / "rules.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="cannot be read as filter rules"):
        read(str(tmp_path / "rules.yaml"))
