r"""From lines to raw records: finds sentences, joins multi-part messages, gives each its time.

This is the format of any line that no other format claims.

A message is one raw record, also when it cannot be decoded: then it carries its defect and the decoder rejects it, so that
every message is accounted for in one place. Lines that are not AIS are counted by reason.

    2021-11-01T13:26:28.392 \s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06,r003669945,1671533232
    prefix                  tag block                  sentence                                       trailing

Lines of the usual forms are read many at a time by compiled code (usual.c), where there is any, and stay columns: a RawBlock.
The rest, and all of them where no compiler was at hand, go one by one through `_read_line`, which would make the same of them.
"""

import re
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from fairway import raw_block
from fairway.raw_block import RawBlock
from fairway.records import Raw
from services.ingest import usual_lines
from services.ingest.event_time import EventTimes
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.nmea import Sentence, has_sentence, is_quoted, split_sentences
from services.ingest.parts import LONGEST_PART, Parts, Told, Unfinished
from services.ingest.source_lines import SourceLine
from services.ingest.surroundings import Kept, Surroundings, with_source_line
from services.ingest.usual_lines import ReadUsual

LONGEST_LINE = LONGEST_PART  # bytes; a VDM has 82, a tag block about as many, some loggers add a little
OTHER_FORMATS = ("{", "[", "<")  # a line that begins so may be another format's, if what it holds is in quotation marks
BLANKS = " \t\r"  # that may stand before it

_NMEA = ("!", "\\", "$")
_IN_TABLES = re.compile(r"[,;\t|]")


class _State(Struct):
    """What the meaning of the next line depends on."""

    unfinished: Unfinished
    kept: Kept


def _is_never_claimed(_line: bytes) -> bool:
    return False


class Framer:
    """Frames one feed. `patience` is how long a part waits for the others, in the unit of the moments' ticks.

    `claims` is asked about lines that may begin a table; where it says yes, `read` stops. Without `read_usual` all lines are read
    one by one.
    """

    def __init__(
        self,
        source: str,
        *,
        patience: int,
        times: EventTimes,
        tally: Tally,
        claims: Callable[[bytes], bool] = _is_never_claimed,
        read_usual: ReadUsual | None = usual_lines.READ,
    ) -> None:
        self._source = source
        self._times = times
        self._tally = tally
        self._claims = claims
        self._parts = Parts(patience, tally)
        self._around = Surroundings(patience, tally)
        self._moment = Moment(0, 0)
        self._received_at = ""
        self._read_usual = read_usual

    def begins(self, line: bytes) -> bool:
        """Any line may be ours; formats that know theirs are asked before."""
        return True

    def read(self, lines: Sequence[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        """Append what lines[start:] hold up to the first that another format may claim; its index, or len(lines).

        lines[start] is always ours.
        """
        self._begin(moment, None)
        lines = lines if isinstance(lines, list) else list(lines)
        at = start
        while at < len(lines):
            at = self._read_usual_lines(lines, at, out)
            if at == len(lines) or not self._read_line(lines[at], out, is_ours=at == start):
                break
            at += 1
        self._tally.lines += at - start
        return at

    def read_wrapped(self, text: bytes, moment: Moment, event_ms: int | None, out: list[Taken]) -> bool:
        """Append what the sentences that another format wraps hold; whether there was a VDM or VDO among them.

        `event_ms` is the time the wrapper says. The line and what is ignored of it are the wrapper's to count.
        """
        self._begin(moment, event_ms)
        return self._read_within(text.decode("latin-1").splitlines(), out)

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

    def _read_usual_lines(self, lines: list[bytes], start: int, out: list[Taken]) -> int:
        """Append what usual lines from `start` on hold, up to the first that is none; its index."""
        kept, moment, tally = self._around.kept, self._moment, self._tally
        if self._read_usual is None or kept.block is not None or kept.source_line is not None:
            return start
        end, columns, joined, ignored, groups, first_ms = self._read_usual(
            lines,
            start,
            LONGEST_LINE,
            raw_block.origin(self._source, None),
            raw_block.origin(self._source, moment.station),
            self._received_at.encode(),
            self._times.believed(moment.received_ms),
            self._parts.waiting(),
        )
        if end == start:
            return start
        rows = len(columns[0])
        if rows:
            out.append(RawBlock(*columns))
        if joined:
            self._parts.note(joined, moment.tick)
        for name, station, event_ms in groups:
            self._around.note_group(name, station, None if event_ms < 0 else event_ms)
        if first_ms >= 0:
            self._times.note(first_ms, moment.received_ms)
        tally.messages += rows
        tally.sentences += rows + joined
        tally.sentence_lines += rows + joined
        for reason, count in zip(usual_lines.IGNORED, ignored, strict=True):
            if count:
                tally.ignored[reason] += count
        return end

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
        if not is_ours and text.lstrip(BLANKS).startswith(OTHER_FORMATS) and is_quoted(text):
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
        self._tally.messages += 1
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
