r"""The tag block before a sentence (NMEA 0183 4.00 and 4.10, chapter 7): who received it, when, and what belongs together.

\g:1-2-1159,s:CSIR,c:1620731662,i:|X=1|D=1|T=44327.4683069097|P=10.0.100.6:12113|R=IN|*46\
  number-total-id of the group, station, time

A block whose sum is wrong is not believed, with two exceptions. Writers that do not compute sums write `*00` (AMSA, Spire); of
blocks damaged on the way only one in 256 looks like that. And a relay that puts `g:…,` before a block may leave the sum of the
rest (seen in recordings of Kystverket).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from services.ingest.line_times import epoch_ms
from services.ingest.nmea import is_sound

PLACEHOLDER = "*00"  # the sum of a writer that does not compute sums
LONGEST_TEXT = 1_024  # characters of blocks on lines of their own that are kept for the next sentence

LONGEST_NAME = 60  # characters of a station's name; the longest met in recordings have some twenty

_USUAL = re.compile(r"(?:s:([!-+\--~]{1,60}),)?c:([0-9]{10})")  # what the loop below would find
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BLOCK = re.compile(r"(\\[^\\]*)\\")


class TagBlock(NamedTuple):
    """The fields of a tag block that Fairway uses; `text` has them all. Values are None when absent."""

    text: str
    station: str | None
    event_ms: int | None
    group: tuple[str, int] | None  # group id and our number in it


def split_tag_blocks(before: str) -> list[str]:
    r"""The blocks in the text before a sentence, each as `\body*hh`, in order."""
    return [block for block in _BLOCK.findall(before) if "*" in block or ":" in block] if "\\" in before else []


def without_tag_blocks(text: str) -> str:
    """What stands outside the blocks; a source's name may hold any mark."""
    return _BLOCK.sub("", text)


@lru_cache(maxsize=1024)
def has_excused_sum(block: str) -> bool:
    r"""Whether a block, given as `\body*hh`, is believed although its sum is wrong."""
    if block.endswith(PLACEHOLDER):
        return True
    group, _, rest = block[1:].partition(",")
    return group.startswith("g:") and is_sound(f"\\{rest}")


@lru_cache(maxsize=1024)  # many lines a second come with equal blocks
def parse_tag_block(block: str) -> TagBlock:
    r"""What a block, given as `\body*hh`, says; its sum is not looked at."""
    body = _in_utf_8(block[1:].rpartition("*")[0])
    usual = _USUAL.fullmatch(body)
    if usual is not None:
        station, time = usual.groups()
        return TagBlock(body, station, int(time) * 1000, None)
    station = base_station = event_ms = group = None
    for part in body.split(","):
        key, _, value = part.partition(":")
        if key == "s":
            station = station_name(value)
        elif key == "c":
            event_ms = epoch_ms(value.strip())
        elif key == "g":
            group = _group_400(value)
        elif key == "sb":  # base station, in the blocks of the Danish Maritime Authority
            base_station = station_name(value)
        elif "G" in key:
            group = _group_410(key, value)
    return TagBlock(body, station or base_station, event_ms, group)


def _in_utf_8(text: str) -> str:
    """The text of bytes that were taken one by one, if they are UTF-8; names of stations are."""
    try:
        return text if text.isascii() else text.encode("latin-1").decode()
    except UnicodeError:
        return text


@lru_cache(maxsize=1024)  # a feed has some hundred stations
def station_name(text: str) -> str | None:
    """A name as it can be shown and stored: without control characters, cut where it is longer than any."""
    return _CONTROL.sub("", text).strip()[:LONGEST_NAME] or None


def add_up(earlier: TagBlock, later: TagBlock) -> TagBlock:
    """Two blocks for one sentence: what the later one does not say is the earlier one's."""
    if len(earlier.text) + len(later.text) >= LONGEST_TEXT:
        return later
    return TagBlock(
        f"{earlier.text},{later.text}",
        later.station or earlier.station,
        earlier.event_ms if later.event_ms is None else later.event_ms,
        later.group or earlier.group,
    )


def _group_400(value: str) -> tuple[str, int] | None:
    """`1-2-1234`: number, total, id. The id may begin with a minus sign."""
    number, _, rest = value.partition("-")
    _total, _, name = rest.partition("-")
    return (name, int(number)) if _is_number(number) and name else None


def _group_410(key: str, value: str) -> tuple[str, int] | None:
    """`2G2:20856`: number, G, total, then the id."""
    number, _, total = key.partition("G")
    return (value, int(number)) if _is_number(number) and _is_number(total) and value else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
