"""What stands around a sentence, on its line and on lines before it, and says who received it and when.

Time, the first of these that there is: c of the tag block, $PGHP on a line before, trailing epoch, prefix, the wrapper's time
(`provider`), our receipt. Station: s of the tag block, trailing, $PGHP, who sent us the line.
"""

from msgspec import Struct

from services.ingest.line_format import Moment, Tally
from services.ingest.line_times import is_only_a_time, prefix_ms, read_trailing
from services.ingest.nmea import is_sound
from services.ingest.parts import Told
from services.ingest.source_lines import SourceLine, find_source_line, read_source_line
from services.ingest.tag_block import (
    TagBlock,
    add_up,
    has_excused_sum,
    parse_tag_block,
    split_tag_blocks,
    without_tag_blocks,
)

MAX_GROUPS = 1_000  # tag-block groups whose first line is remembered
_NOTHING_TOLD: Told = (None, None, "received", None, None)


class Group(Struct):
    """What the first line of a tag-block group says for the others (NMEA 4.00, 7.9)."""

    tick: int
    station: str | None
    event_ms: int | None


class Kept(Struct):
    """What is kept for sentences to come."""

    groups: dict[str, Group]  # oldest first
    block: TagBlock | None  # of lines of their own, for the next sentence
    source_line: SourceLine | None  # a $PGHP, for the next sentence


class Surroundings:
    """The surroundings of one feed's sentences. `patience` is how long a group is remembered, in ticks."""

    def __init__(self, patience: int, tally: Tally) -> None:
        self._patience = patience
        self._tally = tally
        self._tick = 0
        self._provider_ms: int | None = None
        self.kept = Kept({}, None, None)

    def begin(self, moment: Moment, provider_ms: int | None) -> None:
        """Lines of this moment come now, wrapped in something that says `provider_ms`."""
        self._tick = moment.tick
        self._provider_ms = provider_ms

    def told(self, prefix: str, tag: TagBlock | None, trailing: str) -> Told:
        """What is known of a sentence from all around it, but for a $PGHP."""
        kept_block = self.kept.block
        if not (tag or trailing or kept_block):
            if not (prefix or self._provider_ms):
                return _NOTHING_TOLD
            event_ms = prefix_ms(prefix) if prefix else None
            if event_ms is not None:
                return None, event_ms, "prefix", None, None
            return None, *self._time_before(""), None, None
        if kept_block is not None:
            tag, self.kept.block = kept_block if tag is None else add_up(kept_block, tag), None
        text = station = event_ms = group = None
        time_source = "received"
        if tag is not None:
            text, station, event_ms, in_group = self._inherit(tag) if tag.group else tag
            group = in_group[0] if in_group else None
            if event_ms is not None:
                time_source = "tag_block"
        if len(trailing) > 1:
            trailing_station, trailing_ms = read_trailing(trailing)
            station = station or trailing_station
            if event_ms is None and trailing_ms is not None:
                event_ms, time_source = trailing_ms, "trailing"
        if event_ms is None:
            event_ms, time_source = self._time_before(prefix)
        return station, event_ms, time_source, text, group

    def remember(self, line: str) -> str:
        """Keep what a line without VDM or VDO says about the sentence to come; why the line is ignored."""
        bare = line.strip()
        if not bare:
            return "blank"
        if bare[0] == "#":
            return "comment"
        blocks = split_tag_blocks(bare)
        outside = without_tag_blocks(bare) if blocks else bare
        if self.remember_source_line(outside):
            self._keep_blocks(blocks)
            return "source_line"
        if "$" in outside or "!" in outside:
            self.kept.block = None  # it was about this sentence
            return "other_sentence"
        if blocks and bare[-1] == "\\":
            self._keep_blocks(blocks)
            return "tag_block_only"
        return "time_only" if is_only_a_time(bare) else "text"

    def remember_source_line(self, text: str) -> bool:
        """Whether there is a $PGHP or $PSHI in `text`; a $PGHP is kept for the sentence to come."""
        found = find_source_line(text)
        if found is not None and found.startswith("$PGHP"):
            self.kept.source_line = read_source_line(found)
        return found is not None

    def believe_all(self, before: str) -> TagBlock | None:
        """What the blocks in the text before a sentence say together."""
        tag: TagBlock | None = None
        for block in split_tag_blocks(before):
            believed = self._believe(block)
            if believed is not None:
                tag = believed if tag is None else add_up(tag, believed)
        return tag

    def note_group(self, name: str, station: str | None, event_ms: int | None) -> None:
        """The first line of a group has come now, with this station and time."""
        groups = self.kept.groups
        groups.pop(name, None)  # so that the oldest stays in front
        groups[name] = Group(self._tick, station, event_ms)
        if len(groups) > MAX_GROUPS:
            del groups[next(iter(groups))]

    def _keep_blocks(self, blocks: list[str]) -> None:
        """Keep tag blocks for the sentence to come; those of several lines add up."""
        for block in blocks:
            tag = self._believe(block)
            if tag is not None:
                earlier = self.kept.block
                self.kept.block = tag if earlier is None else add_up(earlier, tag)

    def _believe(self, block: str) -> TagBlock | None:
        """The block, or None when it cannot be trusted; the sentence behind it has a checksum of its own."""
        if is_sound(block) or has_excused_sum(block):
            return parse_tag_block(block)
        self._tally.bad_tag_blocks += 1
        return None

    def _time_before(self, prefix: str) -> tuple[int | None, str]:
        event_ms = prefix_ms(prefix) if prefix else None
        if event_ms is not None:
            return event_ms, "prefix"
        return self._provider_ms, "received" if self._provider_ms is None else "provider"

    def _inherit(self, tag: TagBlock) -> TagBlock:
        """Later lines of a group often leave out s and c: they are the first line's."""
        assert tag.group is not None
        name, number = tag.group
        groups = self.kept.groups
        first = groups.get(name)
        if number == 1 or first is None or first.tick < self._tick - self._patience:
            self.note_group(name, tag.station, tag.event_ms)
            return tag
        event_ms = first.event_ms if tag.event_ms is None else tag.event_ms
        return TagBlock(tag.text, tag.station or first.station, event_ms, tag.group)


def with_source_line(told: Told, source_line: SourceLine) -> Told:
    """A $PGHP knows the time better than all but a tag block, and the station when nobody else does."""
    station, event_ms, time_source, tag_block, group = told
    if time_source != "tag_block":
        event_ms, time_source = source_line.event_ms, "pghp"
    return station or source_line.station, event_ms, time_source, tag_block, group
