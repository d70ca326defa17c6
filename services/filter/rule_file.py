"""Reads rules from YAML: a preset that comes with Fairway, or a person's file. What is wrong is said in one sentence."""

from collections.abc import Sequence
from difflib import get_close_matches
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from fairway.errors import BadSetting
from fairway.settings import CommonSettings, FilterSettings
from services.filter.judge import NamedRule, Override
from services.filter.rules import RULES
from services.filter.rules.rule import RuleOptions

PRESETS = ("default", "harbour", "national", "ocean", "aislib", "keep_all")
OVERRIDES = "overrides"


class RuleText(NamedTuple):
    """Rules as a person wrote them, and under which name: of a preset or a path."""

    name: str
    text: str

    @property
    def version(self) -> str:
        """The same for the same text."""
        return sha256(self.text.encode()).hexdigest()[:8]

    def rules(self) -> list[NamedRule]:
        """The rules. Raises BadSetting."""
        return parse(self.text, self.name, Path() if self.name in PRESETS else Path(self.name).parent)


def read(name: str) -> list[NamedRule]:
    """The rules of the preset `name`, or of the file at that path. Raises BadSetting."""
    return text_of(name).rules()


def text_of(name: str) -> RuleText:
    """What is written in the preset `name`, or in the file at that path. Raises BadSetting."""
    try:
        where = files("services.filter") / "presets" / f"{name}.yaml" if name in PRESETS else Path(name)
        return RuleText(name, where.read_text(encoding="utf-8"))
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
        rules = [_rule(entry, number, folder) for number, entry in enumerate(_entries(text), 1)]
        _check_holders(rules)
        return rules
    except BadSetting as error:
        raise BadSetting(f"filter rules {name}: {error}") from None


def _check_holders(rules: Sequence[NamedRule]) -> None:
    """A rule that holds reports back has the last word: whoever came after it would have to wait for it."""
    for number, named in enumerate(rules, 1):
        variants = [named, *(override.rule for override in named.overrides)]
        holds = [each for each in variants if each.rule is not None and each.rule.hold_ms]
        if holds and number < len(rules):
            raise BadSetting(f"rule {number}, {named.name}: with positions: track_error it must be the last rule")
        if any(each.action != "drop" for each in holds):
            raise BadSetting(f"rule {number}, {named.name}: with positions: track_error it can only drop")


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
        options = {key: value for key, value in entry.items() if key != OVERRIDES}
        overrides = tuple(_override(options, each, folder) for each in _overrides(entry))
        return _named(options, folder)._replace(overrides=overrides)
    except ValidationError as error:
        raise BadSetting(f"rule {number}, {name}: {_sentence(error, RULES[name])}") from None
    except BadSetting as error:
        raise BadSetting(f"rule {number}, {name}: {error}") from None


def _named(options: dict[str, Any], folder: Path) -> NamedRule:
    name = str(options["rule"])
    read = RULES[name].model_validate(options, context={"folder": folder})
    rule = read.build()
    layouts = "; ".join(memory.layout for memory in rule.memories)
    identity = sha256(f"{read.model_dump_json()} {layouts}".encode()).hexdigest()[:12]
    return NamedRule(name, rule, read.action, read.to, read.files(), identity=f"{name}.{identity}")


def _overrides(entry: dict[str, Any]) -> list[Any]:
    given = entry.get(OVERRIDES, [])
    if not isinstance(given, list):
        raise BadSetting(f"{OVERRIDES} must be a list, each with `tails:` and the options that differ there")
    return given


def _override(options: dict[str, Any], given: Any, folder: Path) -> Override:
    """For some tails: the options of the rule with others in their place, or with `off: true` no rule."""
    tails = given.get("tails") if isinstance(given, dict) else None
    if not isinstance(tails, list) or not tails or not all(isinstance(each, str) for each in tails):
        raise BadSetting("an override needs `tails:` with a list of patterns, such as [coastal.#]")
    given = {"off" if key is False else key: value for key, value in given.items()}  # YAML 1.1 reads off as false
    others = {key: value for key, value in given.items() if key not in ("tails", "off")}
    if given.get("off") is True and not others:
        return Override(tuple(tails), NamedRule(str(options["rule"]), None))
    if "off" in given or not others or "rule" in others:
        raise BadSetting(f"the override for {', '.join(tails)} needs either `off: true` or options that differ there")
    return Override(tuple(tails), _named({**options, **others}, folder))


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
