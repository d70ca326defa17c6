"""Makes one filtered batch of each decoded batch, also of one that keeps nothing: its account must reach the database.

What is published besides (reports held back whose time is up, and what other tails are to be told of theirs) is posted: it is in
the journal before it is published, under an id that stays the same until it is.
"""

import time
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from copy import deepcopy
from itertools import islice
from uuid import uuid4

import numpy as np
import structlog

from fairway import clock, telemetry
from fairway.messages import Account, Message
from fairway.topics import Stage, routing_key
from services.filter import heard
from services.filter.counts import Counts
from services.filter.held import Debt, Held, HeldReports
from services.filter.journal import CannotWrite, Frame, Journal, Posted
from services.filter.judge import HELD, KEPT, Filter, Judgement
from services.filter.lines import Lines, reader_of
from services.filter.memory import Memory

REMEMBERED_BATCHES = 10_000  # far more than a queue can deliver again: those taken and not yet acknowledged
LOOK_SECONDS = 1.0  # how often it is looked for reports that have been held back long enough
POSTED_RECORDS = 1000  # in a message; as many as ingest puts into one
HELD_IN_A_FRAME = 8192  # of the journal

log = structlog.get_logger()


class FilterStage:
    """See fairway.worker.Stage. `handle` judges in a draft; `commit` is the only place where memory changes.

    Without a journal nothing outlives the process, and no rule may hold reports back.
    """

    def __init__(
        self,
        rules: Filter,
        remembered_batches: int = REMEMBERED_BATCHES,
        journal: Journal | None = None,
        text: tuple[str, str] | None = None,
    ) -> None:
        self._done: Memory[str, bool] = Memory(remembered_batches)
        self._new_ids: list[str] = []
        self._counts = Counts()
        self._held = HeldReports()
        self._debts: dict[str, Debt] = {}
        self._new_debts: dict[str, Debt] | None = None  # the draft
        self._posted: list[Posted] = []
        self._looked_at = 0.0
        self._tried: Set[str] = frozenset()  # batches whose output may be published, and is not known to be safe
        self._touched: Mapping[str, Set[int]] = {}  # by holder what that output holds, or holds no longer
        self._journal = journal
        self._take(rules, text)
        if journal is not None:
            self._restore(journal)

    def use(self, rules: Filter, text: tuple[str, str] | None = None) -> None:
        """Judge by these rules from now on, which have this name and text. Not while `is_in_doubt`. Raises CannotWrite.

        Those that are as before go on with what they remember; what was held back by others than these is published.
        """
        self._discard()
        before = self._rules, self.text
        self._take(rules.with_memories_of(self._rules), text)
        if self._journal is not None:
            try:
                self._journal.begin(self._everything())
            except CannotWrite:
                self._take(*before)
                raise

    @property
    def is_in_doubt(self) -> bool:
        """Whether output that changes what is held may be published already, although it is not known to be safe.

        Its batch comes again, and must then be judged by the same rules, from the same memory.
        """
        return bool(self._touched)

    def _take(self, rules: Filter, text: tuple[str, str] | None) -> None:
        self._rules = rules
        self.text = text
        self._reader = reader_of(rules.members)
        self._holds = rules.holds

    def handle(self, messages: Sequence[Message]) -> Sequence[Message]:
        """One output for each input, except for one whose output is known to be safe; and copies for other tails."""
        self._discard()
        new = [message for message in messages if self._is_new(message)]
        outputs = [output for together in self._together(new) for output in self._filter(together)]
        self._try()
        return outputs

    def commit(self) -> None:
        """The output of the last `handle` is safe: remember its reports, its batches and its drops."""
        self._keep(Frame(done=self._new_ids))
        self._counts.commit(self._rules.remembered(), len(self._held))

    def due(self) -> Sequence[Message]:
        """What is to be published without any input; the same until `sent`."""
        if not self._posted and time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = time.monotonic()
            self._post()
        return [_message_of(each) for each in self._posted]

    def sent(self) -> None:
        """What was due is published."""
        if self._journal is not None:
            self._journal.append(Frame(sent=True))
        self._posted = []

    def _discard(self) -> None:
        self._rules.discard()
        self._done.discard()
        self._held.discard()
        self._new_ids = []
        self._new_debts = None
        self._counts.discard()

    def _try(self) -> None:
        """From now on output may be published whatever becomes of this process: note what it does to what is held."""
        touched = {holder: frozenset(changes) for holder, changes in self._held.changes().items() if changes}
        if not touched and not self._touched:
            return
        self._tried, self._touched = frozenset(self._new_ids), touched
        if self._journal is not None:
            self._journal.append(Frame(tried=self._new_ids, touched=_coded(touched)))

    def _end_doubt(self, done: Collection[str]) -> None:
        if self._tried <= set(done):
            self._tried, self._touched = frozenset(), {}

    def _keep(self, frame: Frame) -> None:
        """Make all drafts what is remembered, in the journal first."""
        if self._journal is not None:
            frame.memories = [
                (identity, place, change)
                for identity, rule in self._rules.rules.items()
                for place, memory in enumerate(rule.memories)
                for change in memory.changes()
            ]
            frame.marks = self._marks()
            frame.held = self._held.changes()
            frame.debts = _told(self._new_debts or {})
            self._journal.append(frame)
        self._rules.commit()
        self._done.commit()
        self._held.commit()
        if self._new_debts is not None:
            self._debts = self._new_debts
            self._new_debts = None
        self._end_doubt(frame.done)
        if self._journal is not None and self._journal.is_long:
            self._begin_next(self._journal)

    def _begin_next(self, journal: Journal) -> None:
        try:
            journal.begin(self._everything())
        except CannotWrite as error:
            log.warning("the state goes on in a long file", error=str(error))
            journal.put_off()

    def _is_new(self, message: Message) -> bool:
        """Whether the batch was not done before. Its acknowledgement may have been lost after its output was confirmed."""
        if not message.id:
            return True  # a stranger's batch cannot be recognised
        if self._done.get(message.id):
            telemetry.duplicate_batches.inc()
            return False
        self._done.put(message.id, True)
        self._new_ids.append(message.id)
        return True

    def _together(self, messages: Sequence[Message]) -> Iterator[list[Message]]:
        """The messages in runs that are judged at once, which is cheaper: neighbours whose reports meet the same rules.

        Where rules hold reports back, each is judged alone: what is held at its end must not hang on which others were at hand.
        """
        run: list[Message] = []
        for message in messages:
            if run and (self._holds or not self._rules.judges_alike(run[-1].source, message.source)):
                yield run
                run = []
            run.append(message)
        if run:
            yield run

    def _filter(self, messages: Sequence[Message]) -> Iterator[Message]:
        if self._rules.keeps_all:
            for message in messages:
                self._counts.add(message.source, message.records, {})
                yield message.derive(Stage.FILTERED, message.body, message.records, message.account)
            return
        reports, bodies = self._reader.read([message.body for message in messages])
        judged = self._rules.judge(reports, messages[0].source)
        self._counts.look_at(judged)
        for message, lines in zip(messages, bodies, strict=True):
            of_this = judged if len(messages) == 1 else judged.of(lines.rows)
            yield from self._outputs(message, lines, of_this)
            if any(len(copies.rows) for copies in of_this.copies):
                yield heard.message_of(message, reports, of_this.copies)

    def _outputs(self, message: Message, lines: Lines, judged: Judgement) -> Iterator[Message]:
        kept = judged.droppers == KEPT
        dropped = self._drops(judged)
        released, superseded = self._settle(judged, message.source)
        if superseded:
            dropped[self._rules.names[judged.superseder]] += superseded
        held = self._hold(judged, lines, message.source)
        account = message.account.with_dropped(dropped).with_held(held, len(released) + superseded)
        is_whole = bool(kept.all()) and not judged.flags.any()
        body = message.body if is_whole else lines.of(kept)
        published = len(released) + int(kept.sum())
        self._counts.add(message.source, published, dropped)
        yield message.derive(Stage.FILTERED, b"".join((*released, body)), published, account)
        for tail, rows in judged.routes.items():
            yield message.copy(Stage.FILTERED, tail, lines.of(rows), int(rows.sum()))

    def _drops(self, judged: Judgement) -> Counter[str]:
        names, dropped = self._rules.names, Counter[str]()
        counts = np.bincount(judged.droppers - HELD, minlength=len(names) - HELD).tolist()[-HELD:]
        for name, count in zip(names, counts, strict=True):  # a rule may stand there twice
            if count:
                dropped[name] += count
        return dropped

    def _settle(self, judged: Judgement, tail: str) -> tuple[list[bytes], int]:
        """The lines held back of this tail that are published now, and how many are not needed. Others' are owed.

        What is still held under a key that is needed anew was held for a vessel that its rule has forgotten since.
        """
        lines, superseded = list[bytes](), 0
        for held in self._held.take(judged.holder, judged.superseded):
            if held.tail == tail:
                superseded += 1
            else:
                debt = self._debt(held.tail)
                debt.released += 1
                debt.dropped[self._rules.names[judged.superseder]] += 1
        for held in self._held.take(judged.holder, [*dict.fromkeys((*judged.released, *judged.held))]):
            if held.tail == tail:
                lines.append(held.line)
            else:
                debt = self._debt(held.tail)
                debt.released += 1
                debt.lines.append(held.line)
        return lines, superseded

    def _hold(self, judged: Judgement, lines: Lines, tail: str) -> int:
        """Hold back what the judgement says; how many."""
        if not judged.held:
            return 0
        until = clock.now_ms() + int(self._rules.rules[judged.holder].hold_ms)
        rows = np.flatnonzero(judged.droppers == HELD)
        self._held.put(judged.holder, judged.held, [Held(line, tail, until) for line in lines.each(rows)])
        return len(rows)

    def _debt(self, tail: str) -> Debt:
        if self._new_debts is None:
            self._new_debts = deepcopy(self._debts)
        return self._new_debts.setdefault(tail, Debt())

    def _post(self) -> None:
        """Post what has been held back long enough, and what is owed. It counts as published from then on."""
        self._discard()
        due = {**self._held.due(clock.now_ms()), **self._held.of_others(self._rules.rules)}
        due = {
            holder: [key for key in keys if key not in self._touched.get(holder, ())] for holder, keys in due.items()
        }
        if not any(due.values()) and not self._debts:
            return
        debts = deepcopy(self._debts)
        for holder, keys in due.items():
            for held in self._held.take(holder, keys):
                debt = debts.setdefault(held.tail, Debt())
                debt.released += 1
                debt.lines.append(held.line)
            self._rules.release(holder, keys)
        self._new_debts = {}
        posted = [each for tail, debt in debts.items() for each in _posts(tail, debt)]
        self._keep(Frame(posted=posted))
        self._posted = posted
        for tail, debt in debts.items():
            self._counts.add(tail, len(debt.lines), debt.dropped)
        self._counts.commit(self._rules.remembered(), len(self._held))

    def _restore(self, journal: Journal) -> None:
        """Remember what was written, and begin a new file with it."""
        marks: dict[str, int] = {}
        for frame in journal.read():
            self._apply(frame)
            marks.update(frame.marks)
        for identity in marks.keys() & self._rules.rules.keys():
            self._rules.rules[identity].restored(marks[identity])
        journal.begin(self._everything())

    def _apply(self, frame: Frame) -> None:
        for id_ in frame.done:
            self._done.put(id_, True)
        self._done.commit()
        for identity, place, change in frame.memories:
            rule = self._rules.rules.get(identity)
            if rule is not None:
                rule.memories[place].apply(change)
        for identity, changes in frame.held.items():
            self._held.apply(identity, changes)
        if frame.debts or frame.posted:
            self._debts = {tail: Debt(count, Counter(drops), lines) for tail, count, drops, lines in frame.debts}
        if frame.posted or frame.sent:
            self._posted = frame.posted
        if frame.tried:
            self._tried, self._touched = frozenset(frame.tried), _decoded(frame.touched)
        else:
            self._end_doubt(frame.done)

    def _everything(self) -> Iterator[Frame]:
        """All that is remembered, as frames."""
        yield Frame(
            done=self._done.keys(),
            marks=self._marks(),
            debts=_told(self._debts),
            posted=self._posted,
            tried=[*self._tried],
            touched=_coded(self._touched),
            rules=self.text,
        )
        for identity, rule in self._rules.rules.items():
            for place, memory in enumerate(rule.memories):
                for change in memory.dump():
                    yield Frame(memories=[(identity, place, change)])
        for holder, held in self._held.all().items():
            rest = iter(held.items())
            while some := dict(islice(rest, HELD_IN_A_FRAME)):
                yield Frame(held={holder: some})

    def _marks(self) -> list[tuple[str, int]]:
        return [(identity, rule.mark) for identity, rule in self._rules.rules.items() if rule.mark]


def _coded(held: Mapping[str, Collection[int]]) -> dict[str, bytes]:
    return {holder: array("q", keys).tobytes() for holder, keys in held.items()}


def _decoded(coded: Mapping[str, bytes]) -> dict[str, frozenset[int]]:
    return {holder: frozenset(array("q", keys)) for holder, keys in coded.items()}


def _told(debts: Mapping[str, Debt]) -> list[tuple[str, int, dict[str, int], list[bytes]]]:
    return [(tail, debt.released, dict(debt.dropped), debt.lines) for tail, debt in debts.items()]


def _posts(tail: str, debt: Debt) -> Iterator[Posted]:
    """As messages of a usual size, of which the first bears what was dropped."""
    published_at, dropped = clock.to_text(clock.now_ms()), dict(debt.dropped)
    for begin in range(0, max(len(debt.lines), 1), POSTED_RECORDS):
        lines = debt.lines[begin : begin + POSTED_RECORDS]
        released = len(lines) + sum(dropped.values())
        yield Posted(tail, f"{uuid4().hex}/d/f", b"".join(lines), len(lines), released, dropped, published_at)
        dropped = {}


def _message_of(posted: Posted) -> Message:
    return Message(
        key=routing_key(Stage.FILTERED, posted.tail),
        id=posted.id,
        body=posted.body,
        records=posted.records,
        account=Account(0, dropped=posted.dropped, released=posted.released),
        published_at=posted.published_at,
    )
