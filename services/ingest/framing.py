r"""From lines to raw records: finds sentences, joins multi-part messages, gives each its time.

This is the format of any line that no other format claims.

A message is one raw record, also when it cannot be decoded: then it carries its defect and the decoder rejects it, so that
every message is accounted for in one place. Lines that are not AIS are counted by reason.

    2021-11-01T13:26:28.392 \s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06,r003669945,1671533232
    prefix                  tag block                  sentence                                       trailing

Of many lines those of the usual forms are found as columns (usual_lines.py) and stay columns: one RawBlock for each run of them.
Others that are one message, or a part of one, are taken apart by one regular expression over many lines at once, and so are their
checksums computed. The rest go one by one through `_read_line`, which would do the same with them all, only slower.
"""

import re
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from fairway.raw_block import RawBlock
from fairway.records import Raw
from services.ingest.envelopes import Envelopes
from services.ingest.event_time import EventTimes
from services.ingest.line_format import Moment, Taken, Tally, records_in
from services.ingest.nmea import Sentence, from_fields, has_sentence, is_quoted, split_sentences
from services.ingest.parts import Parts, Told, Unfinished
from services.ingest.rows import BLANKS, OTHER_FORMATS, Row, is_no_prefix, take_apart
from services.ingest.source_lines import SourceLine, parse_source_line
from services.ingest.surroundings import Kept, Surroundings, with_source_line
from services.ingest.usual_lines import Run, Runs
from services.ingest.usual_search import UsualSearch

LONGEST_LINE = 4_096  # bytes; a VDM has 82, a tag block about as many, some loggers add a little
MOST_TOGETHER = 4_096  # lines that are looked at together
FEWEST_TOGETHER = 64  # where formats take turns: another may begin at any line

_NMEA = ("!", "\\", "$")
_IN_TABLES = re.compile(r"[,;\t|]")


class _State(Struct):
    """What the meaning of the next line depends on."""

    unfinished: Unfinished
    kept: Kept


def _is_never_claimed(_line: bytes) -> bool:
    return False


def _up_to_another(lines: Sequence[bytes]) -> Sequence[bytes]:
    """The lines up to one that may be another format's, so that little is taken apart in vain where formats take turns."""
    if len(lines) == 1:
        return lines
    starts = [line[:1] for line in lines[1:]]
    at = min((starts.index(mark) for mark in (b"{", b"[", b"<") if mark in starts), default=len(starts))
    return lines[: at + 2]


class Framer:
    """Frames one feed. `patience` is how long a part waits for the others, in the unit of the moments' ticks.

    `claims` is asked about lines that may begin a table; where it says yes, `read` stops.
    """

    def __init__(
        self,
        source: str,
        *,
        patience: int,
        times: EventTimes,
        tally: Tally,
        claims: Callable[[bytes], bool] = _is_never_claimed,
        search: UsualSearch | None = None,
    ) -> None:
        self._source = source
        self._times = times
        self._tally = tally
        self._claims = claims
        self._parts = Parts(patience, tally)
        self._around = Surroundings(patience, tally)
        self._moment = Moment(0, 0)
        self._received_at = ""
        self._together = MOST_TOGETHER
        self._search = search or UsualSearch()

    def begins(self, line: bytes) -> bool:
        """Any line may be ours; formats that know theirs are asked before."""
        return True

    def read(self, lines: Sequence[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        """Append what lines[start:] hold up to the first that another format may claim; its index, or len(lines).

        lines[start] is always ours.
        """
        self._begin(moment, None)
        before = len(out)
        at = start
        while at < len(lines):
            block = lines[at : at + self._together]
            if self._together == FEWEST_TOGETHER:
                block = _up_to_another(block)
            taken = self._read_block(block, out, is_first_ours=at == start)
            at += taken
            self._together = MOST_TOGETHER if taken == len(block) else FEWEST_TOGETHER
            if taken < len(block):
                break
        self._tally.lines += at - start
        self._tally.messages += records_in(out[before:])
        return at

    def read_wrapped(self, text: bytes, moment: Moment, event_ms: int | None, out: list[Taken]) -> bool:
        """Append what the sentences that another format wraps hold; whether there was a VDM or VDO among them.

        `event_ms` is the time the wrapper says. The line and what is ignored of it are the wrapper's to count.
        """
        self._begin(moment, event_ms)
        before = len(out)
        has_any = self._read_within(text.decode("latin-1").splitlines(), out)
        self._tally.messages += len(out) - before
        return has_any

    def finish(self, out: list[Taken]) -> None:
        """The feed has ended: count what never became whole."""
        self._parts.give_up()
        self._around.kept = Kept({}, None, None)

    def checkpoint(self) -> object:
        """What `restore` needs, in a form that can be written as JSON."""
        state = _State(self._parts.checkpoint(), self._around.kept)
        return msgspec.to_builtins(state, str_keys=True)

    def restore(self, state: object) -> None:
        """Go on from the checkpoint of another. Raises msgspec.ValidationError when it is none."""
        known = msgspec.convert(state, _State, str_keys=True)
        self._parts.restore(known.unfinished)
        self._around.kept = known.kept

    def _begin(self, moment: Moment, provider_ms: int | None) -> None:
        self._moment = moment
        self._around.begin(moment, provider_ms)
        self._received_at = self._times.stamp(None, "received", moment.received_ms).event_time

    def _read_block(self, lines: Sequence[bytes], out: list[Taken], *, is_first_ours: bool) -> int:
        """How many of the lines were ours."""
        usual = self._search.find(lines, LONGEST_LINE - 1) if self._around.kept.block is None else None
        if usual is None:
            return self._read_lines(lines, {}, out, is_first_ours=is_first_ours)
        envelopes = Envelopes(self._source, self._moment, self._received_at, self._times)
        found = envelopes.of(usual, self._around)
        if b"" in found:
            usual = usual.without([not each for each in found])
            found = list(filter(None, found))
        runs = usual.runs(RawBlock(found, usual.sentences, usual.tag_blocks), lines)
        others = usual.others()
        first_is_other = bool(others) and others[0] == 0
        taken = self._read_lines(
            [lines[at] for at in others], runs, out, is_first_ours=is_first_ours and first_is_other
        )
        return others[taken] if taken < len(others) else len(lines)

    def _read_lines(self, lines: Sequence[bytes], runs: Runs, out: list[Taken], *, is_first_ours: bool) -> int:
        """How many of the lines were ours. Before those at which runs of usual lines are, these are taken."""
        rows = take_apart(lines, LONGEST_LINE) if lines else []
        if rows is not None:
            taken = self._read_rows(rows, lines, runs, out, is_first_ours=is_first_ours)
        else:
            taken = self._read_singly(lines, runs, out, is_first_ours=is_first_ours)
        if taken == len(lines) and taken in runs:
            self._take_run(runs[taken], out)
        return taken

    def _read_singly(self, lines: Sequence[bytes], runs: Runs, out: list[Taken], *, is_first_ours: bool) -> int:
        for at, line in enumerate(lines):
            if at in runs:
                self._take_run(runs[at], out)
            if not self._read_line(line, out, is_ours=is_first_ours and at == 0):
                return at
        return len(lines)

    def _read_rows(
        self, rows: Sequence[Row], lines: Sequence[bytes], runs: Runs, out: list[Taken], *, is_first_ours: bool
    ) -> int:
        """As `_read_lines`, of lines that are taken apart."""
        kept, received_ms = self._around.kept, self._moment.received_ms
        read = at = 0
        while at < len(rows):
            row = rows[at]
            (_, block, sentence, parts, _, alone), is_right, is_block_right = row
            if at in runs:
                self._take_run(runs[at], out)
            told = self._told(row)
            if told is None:
                if is_right and (alone or sentence) and not (parts or row[0][0]):
                    self._keep_row(alone or block, is_block_right, sentence)
                elif not self._read_line(lines[at], out, is_ours=is_first_ours and at == 0):
                    break
            elif parts == "1,1":  # nine in ten
                source_line, kept.source_line = kept.source_line, None
                out.append(self._raw((sentence,), told, source_line, None, received_ms))
                read += 1
            elif (
                parts == "2,1"
                and at + 1 < len(rows)
                and at + 1 not in runs
                and self._take_two(row, rows[at + 1], told, out)
            ):
                read += 2
                at += 1
            else:
                self._take(from_fields(sentence), told, out)
                read += 1
            at += 1
        self._tally.sentence_lines += read
        self._tally.sentences += read
        return at

    def _told(self, row: Row) -> Told | None:
        """What is told of a row's sentence; None when it has none, or must be read as a line."""
        (prefix, block, _, parts, trailing, _), is_right, is_block_right = row
        if not (parts and is_right) or is_no_prefix(prefix):
            return None
        tag = self._around.believe(block, has_right_sum=is_block_right) if block else None
        return self._around.told(prefix, tag, trailing)

    def _take_run(self, run: Run, out: list[Taken]) -> None:
        """Append a run of usual lines; what lines before it said of the next sentence is about the first of them."""
        kept, block = self._around.kept, run.block
        if kept.block is not None or kept.source_line is not None:
            self._read_line(run.first_line, out, is_ours=True)
            block = block.part(1, len(block))
        if len(block):
            out.append(block)
            self._tally.sentence_lines += len(block)
            self._tally.sentences += len(block)

    def _take_two(self, row: Row, next_: Row, told: Told, out: list[Taken]) -> bool:
        """Take a first part and the second that comes right after it; False when the next line is not one."""
        if next_[0][3] != "2,2" or self._around.kept.source_line is not None:
            return False
        told_next = self._told(next_)
        if told_next is None:
            return False
        first, second, moment = row[0][2], next_[0][2], self._moment
        if self._parts.are_whole(first, told, second, told_next, moment.tick):
            out.append(self._raw((first, second), told, None, None, moment.received_ms))
        else:
            self._take(from_fields(first), told, out)
            self._take(from_fields(second), told_next, out)
        return True

    def _keep_row(self, block: str, has_right_sum: bool, source_line: str) -> None:
        """A tag block alone, or a $PGHP, perhaps with a block: for the sentence to come."""
        if block:
            self._around.keep_block(block, has_right_sum=has_right_sum)
        if source_line:
            self._around.kept.source_line = parse_source_line(source_line)
        self._tally.ignored["source_line" if source_line else "tag_block_only"] += 1

    def _take(self, sentence: Sentence, told: Told, out: list[Taken]) -> None:
        kept, moment = self._around.kept, self._moment
        source_line, kept.source_line = kept.source_line, None
        if sentence.total == 1:
            out.append(self._raw((sentence.text,), told, source_line, sentence.defect, moment.received_ms))
            return
        whole = self._parts.add(sentence, told, source_line, moment.tick, moment.received_ms)
        if whole is not None:
            out.append(self._raw(whole.sentences(), whole.told(), whole.source_line, None, whole.received_ms))

    def _read_line(self, line: bytes, out: list[Taken], *, is_ours: bool) -> bool:
        """Read one line of any form; False when it may be another format's."""
        text = line.decode("latin-1")
        if not is_ours and text.lstrip(BLANKS).startswith(tuple(OTHER_FORMATS)) and is_quoted(text):
            return False
        holds_sentence = has_sentence(text) and text[0] != "#"
        if not (is_ours or holds_sentence) and self._is_claimed(line, text):
            return False
        if holds_sentence and self._read_within(text.split("\r"), out):
            self._tally.sentence_lines += 1
        else:
            self._tally.ignored["too_long" if len(line) > LONGEST_LINE else self._around.remember(text)] += 1
        return True

    def _read_within(self, lines: Sequence[str], out: list[Taken]) -> bool:
        """Read lines that count as one; whether a VDM or VDO was among them."""
        has_any = False
        for line in lines:
            if len(line) <= LONGEST_LINE and has_sentence(line):
                self._read_sentences(line, out)
                has_any = True
            else:
                self._around.remember(line)
        return has_any

    def _is_claimed(self, line: bytes, text: str) -> bool:
        return not text.startswith(_NMEA) and _IN_TABLES.search(text) is not None and self._claims(line)

    def _read_sentences(self, line: str, out: list[Taken]) -> None:
        """All VDM and VDO of a line, each with what stands around it."""
        prefix = line[: min(at for at in map(line.find, "!\\$") if at >= 0)]
        for before, sentence in split_sentences(line):
            tag = self._around.believe_all(before)
            self._around.remember_source_line(before)
            self._tally.sentences += 1
            self._take(sentence, self._around.told(prefix, tag, sentence.tail.partition("\\")[0]), out)

    def _raw(
        self,
        sentences: tuple[str, ...],
        told: Told,
        source_line: SourceLine | None,
        defect: str | None,
        received_ms: int,
    ) -> Raw:
        if source_line is not None and source_line.is_about(sentences):
            told = with_source_line(told, source_line)
        station, event_ms, time_source, tag_block, _ = told
        event_time, time_source, time_shift, time_defect = self._times.stamp(event_ms, time_source, received_ms)
        return Raw(
            source=self._source,
            station=station or self._moment.station,
            event_time=event_time,
            received_at=self._received_at,
            time_source=time_source,
            time_shift=time_shift,
            sentences=sentences,
            tag_block=tag_block,
            defect=defect or time_defect,
        )
