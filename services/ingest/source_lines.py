"""Sentences that tell about the AIS sentence after them.

$PGHP,1,2014,4,10,13,30,29,165,219,,2190067,1,28*22        Gatehouse; Danish Maritime Authority and others
      year month day hour minute second ms country region base-station online checksum

The checksum is that of the sentence after it, the exclusive or of those of all parts of a multi-part message, or 00 before an
own ship's report (VDO), whatever its checksum is (found in recordings). It belongs to the sentence that comes next or to none.

`$PSHI` (Shine Micro) gives no time: form 010 (`$PSHI,010,0003,0028,,,,,,*16`) holds a channel and a level, form 001
(`$PSHI,001,47.04372373,0,02792,…`) the second within a minute that it does not name. Such lines are counted as source lines, and
their sentences have the time that anything else gives them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import xor
from typing import NamedTuple

from services.ingest.line_times import day_ms, time_of_day_ms
from services.ingest.nmea import hex_value, is_sound
from services.ingest.tag_block import station_name

OWN_SHIP = "VDO"

_LINE = re.compile(r"\$(?:PGHP|PSHI),[^*\\!]*(?:\*[0-9A-Fa-f]{2})?")
_PGHP = re.compile(
    r"\$PGHP,1,([0-9]{4},[0-9]{1,2},[0-9]{1,2},[0-9]{1,2},[0-9]{1,2},[0-9]{1,2}),([0-9]{1,3}),"
    r"[^,]*,[^,]*,([^,]*),[^,]*,([0-9A-Fa-f]{0,2})\*"
)


class SourceLine(NamedTuple):
    """What a $PGHP says. `checksum` is that of the message it is about, None when it does not tell."""

    event_ms: int
    station: str | None
    checksum: int | None

    def is_about(self, sentences: Sequence[str]) -> bool:
        """Whether it belongs to a message of these sentences, each of which ends in its checksum."""
        if self.checksum is None or self.checksum == hex_value(sentences[0][-2:]):
            return True
        if self.checksum == 0 and sentences[0].startswith(OWN_SHIP, 3):
            return True
        sums = [hex_value(sentence[-2:]) for sentence in sentences]
        return self.checksum == reduce(xor, sums)


def find_source_line(line: str) -> str | None:
    """The $PGHP or $PSHI in a line, up to its checksum; None when there is none."""
    match = _LINE.search(line) if "$" in line else None
    return None if match is None else match.group()


def read_source_line(text: str) -> SourceLine | None:
    """What a $PGHP, from `$` to its checksum, says; None when it cannot be believed, or is no $PGHP."""
    return parse_source_line(text) if is_sound(text) else None


def parse_source_line(text: str) -> SourceLine | None:
    """As `read_source_line`, without looking at the checksum."""
    match = _PGHP.match(text)
    if match is None:
        return None
    second, millisecond, station, checksum = match.groups()
    start = _second_ms(second)
    if start is None:
        return None
    return SourceLine(
        start + int(millisecond),
        station_name(station) if station != "0" else None,
        hex_value(checksum) if checksum else None,
    )


@lru_cache(maxsize=64)  # a loud feed says the same second many times
def _second_ms(text: str) -> int | None:
    """`2014,4,10,13,30,29` as milliseconds since 1970; None when there is no such time."""
    year, month, day, hour, minute, second = map(int, text.split(","))
    start, since = day_ms(year, month, day), time_of_day_ms(hour, minute, second)
    return None if start is None or since is None else start + since
