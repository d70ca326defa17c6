"""Reads rules from YAML: a preset that comes with Fairway, or a person's file. What is wrong is said in one sentence."""

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from fairway.errors import BadSetting
from fairway.settings import CommonSettings, FilterSettings
from services.filter.judge import NamedRule
from services.filter.rules import RULES
from services.filter.rules.rule import RuleOptions

PRESETS = ("default", "keep_all")


def read(name: str) -> list[NamedRule]:
    """The rules of the preset `name`, or of the file at that path. Raises BadSetting."""
    if name in PRESETS:
        return parse((files("services.filter") / "presets" / f"{name}.yaml").read_text(encoding="utf-8"), name, Path())
    path = Path(name)
    try:
        return parse(path.read_text(encoding="utf-8"), name, path.parent)
    except FileNotFoundError:
        raise BadSetting(
            f"{name} is neither a file of filter rules nor a preset{_nearest(name, PRESETS, 'presets')}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{name} cannot be read as filter rules: {error}") from None


def check(settings: CommonSettings) -> None:
    """Raises BadSetting when the settings name rules that cannot be used; what `fairway config check` asks."""
    if isinstance(settings, FilterSettings):
        read(settings.filter_rules)


def parse(text: str, name: str, folder: Path) -> list[NamedRule]:
    """The rules in a YAML text; `name` is for sentences, paths in it are from `folder`. Raises BadSetting."""
    try:
        return [_rule(entry, number, folder) for number, entry in enumerate(_entries(text), 1)]
    except BadSetting as error:
        raise BadSetting(f"filter rules {name}: {error}") from None


def _entries(text: str) -> list[Any]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the text"
        raise BadSetting(
            f"{where} is not YAML: {getattr(error, 'problem', None) or str(error).splitlines()[0]}"
        ) from None
    if not isinstance(document, dict) or set(document) != {"rules"} or not isinstance(document["rules"], list):
        raise BadSetting("the file must be `rules:` with a list under it, and nothing else")
    return document["rules"]


def _rule(entry: Any, number: int, folder: Path) -> NamedRule:
    if not isinstance(entry, dict) or "rule" not in entry:
        raise BadSetting(f"rule {number} must be options with `rule:` and a name, such as `- rule: duplicate`")
    name = str(entry["rule"])
    if name not in RULES:
        raise BadSetting(f"rule {number}: {name} is not a rule{_nearest(name, RULES, 'rules')}")
    try:
        return NamedRule(name, RULES[name].model_validate(entry, context={"folder": folder}).build())
    except ValidationError as error:
        raise BadSetting(f"rule {number}, {name}: {_sentence(error, RULES[name])}") from None
    except BadSetting as error:
        raise BadSetting(f"rule {number}, {name}: {error}") from None


def _sentence(error: ValidationError, options: type[RuleOptions]) -> str:
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"] if part in first["loc"][:1] or isinstance(part, int))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        return f"{path} is not an option{_nearest(path, [*options.model_fields], 'options')}"
    return f"{path} is not right (it is {first['input']!r}): {message[0].lower()}{message[1:]}" if path else message


def _nearest(name: str, known: Any, what: str) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; the {what} are {', '.join(known)}"
