"""Gives the filter other rules while it runs: when their file changes, or one that they name, and when it is asked by SIGHUP.

file changed ──► read ──► right: used from the next batch; rules that are as before go on with what they remember
                     └──► wrong: one sentence in the log, and the rules stay as they are
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Event

import structlog

from fairway import telemetry
from fairway.errors import BadSetting
from fairway.messages import Message
from services.filter.journal import Journal
from services.filter.judge import Filter, NamedRule
from services.filter.rule_file import PRESETS, RuleText, text_of
from services.filter.stage import FilterStage

LOOK_SECONDS = 1.0  # between two looks at the files; a change is taken up when it is still the same at the second

log = structlog.get_logger()

Stamp = tuple[tuple[int, int, int] | None, ...]  # of each file: when it was changed, its size, its number on the disk


class ReloadingStage:
    """A FilterStage whose rules are those of a preset or file as it is now. See fairway.worker.Prompter."""

    def __init__(self, name: str, journal: Journal, asked: Event | None = None) -> None:
        """Begin with the rules as they are now, and what the journal remembers; `asked` set means to read them again.

        Raises BadSetting when the rules are not right.
        """
        self._name = name
        self._asked = asked or Event()
        text = text_of(name)
        rules = text.rules()
        self._files = _files(name, rules)
        self._seen = self._used = _stamp(self._files)
        self._looked_at = time.monotonic()
        self._next: tuple[RuleText, list[NamedRule]] | None = None  # until the stage may change its rules
        self._stage = _restored(text, rules, journal)
        if self._stage.text == text:
            _tell(text, rules)
        else:
            self._next = text, rules
            self._change()

    def handle(self, messages: Sequence[Message]) -> Sequence[Message]:
        return self._stage.handle(messages)

    def commit(self) -> None:
        self._stage.commit()

    def due(self) -> Sequence[Message]:
        self._look()
        self._change()
        return self._stage.due()

    def sent(self) -> None:
        self._stage.sent()

    def _look(self) -> None:
        if self._asked.is_set():
            self._asked.clear()
            self._read()
        elif time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = time.monotonic()
            before, self._seen = self._seen, _stamp(self._files)
            if self._seen == before != self._used:  # a change, and whoever writes is done
                self._read()

    def _read(self) -> None:
        self._used = self._seen = _stamp(self._files)
        try:
            text = text_of(self._name)
            rules = text.rules()
        except BadSetting as error:
            telemetry.rule_reloads.labels("refused").inc()
            log.error("the rules stay as they are", refused=str(error))
            return
        self._files = _files(self._name, rules)
        self._used = self._seen = _stamp(self._files)
        self._next = text, rules

    def _change(self) -> None:
        """Use the rules that were read. Raises CannotWrite, and then it is to be tried again."""
        if self._next is None or self._stage.is_in_doubt:
            return
        text, rules = self._next
        self._stage.use(Filter(rules), text)
        self._next = None
        telemetry.rule_reloads.labels("used").inc()
        _tell(text, rules)


def _restored(text: RuleText, rules: Sequence[NamedRule], journal: Journal) -> FilterStage:
    """A stage with the rules that the journal was written by, where they can still be read, else with these.

    What was on its way when the last process ended is judged again by the rules by which it was judged then.
    """
    before = RuleText(*journal.rules) if journal.rules else text
    if before != text:
        try:
            return FilterStage(Filter(before.rules()), journal=journal, text=before)
        except BadSetting as error:
            log.warning("the rules of before cannot be used any more", error=str(error))
    return FilterStage(Filter(rules), journal=journal, text=text)


def _tell(text: RuleText, rules: Sequence[NamedRule]) -> None:
    telemetry.rules_version.clear()
    telemetry.rules_version.labels(text.name, text.version).set(1)
    log.info("rules", name=text.name, version=text.version, rules=[named.name for named in rules])


def _files(name: str, rules: Iterable[NamedRule]) -> list[Path]:
    """The file of the rules and those that they name; of a preset, which does not change, the latter."""
    everywhere = [each for named in rules for each in (named, *(other.rule for other in named.overrides))]
    named = {file for each in everywhere for file in each.files}
    return sorted(named if name in PRESETS else named | {Path(name)})


def _stamp(files: Iterable[Path]) -> Stamp:
    return tuple(map(_look_at, files))


def _look_at(file: Path) -> tuple[int, int, int] | None:
    """None while there is none, as between the two steps of an editor that writes a new one."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
