r"""Sentences of NMEA 0183 with AIS, taken out of a line; nothing remembered between lines.

!BSVDM,2,1,5,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06
 talker total number sequence channel payload fill checksum

A sentence is a VDM (another's report) or VDO (own ship's). Lines are text of one character a byte (Latin-1).
"""

import re
from typing import NamedTuple

_START = re.compile(r"![^!\\$]{2}VD[MO]")
_SENTENCE = re.compile(r"!(..)VD[MO],([^,*]*),([^,*]*),([^,*]*),([^,*]*),[^,*]*,[^,*]*\*([0-9A-Fa-f]{2}|)", re.DOTALL)
_DIGITS = "0123456789ABCDEFabcdef"
_HEX = {high + low: int(high + low, 16) for high in ("", *_DIGITS) for low in _DIGITS}


class Sentence(NamedTuple):
    """A VDM or VDO sentence. `text` is the sentence as sent, from `!` to the checksum; `tail` is what follows it.

    One that means to be AIS but cannot be used has a `defect`, a reason of records.REASONS, and counts as one part of one.
    """

    text: str
    talker: str
    total: int
    number: int
    sequence: str
    channel: str
    defect: str | None
    tail: str


class Piece(NamedTuple):
    """A part of a line: a sentence, with what stands before it and belongs to it."""

    before: str
    sentence: Sentence


def checksum(data: bytes) -> int:
    """XOR of all bytes (NMEA 0183, 5.3), folding the whole text at once instead of byte by byte."""
    folded = int.from_bytes(data, "little")
    width = 1 << max(3, (len(data) * 8 - 1).bit_length())
    while width > 8:
        width >>= 1
        folded ^= folded >> width
    return folded & 0xFF


def is_sound(text: str) -> bool:
    """Whether `text`, of the form `!body*hh` with any first character, has the checksum of its body."""
    body, _, digits = text[1:].rpartition("*")
    return hex_value(digits) == checksum(body.encode("latin-1"))


def hex_value(digits: str) -> int:
    """The value of one or two hexadecimal digits; -1 when `digits` is anything else."""
    return _HEX.get(digits, -1)


def has_sentence(line: str) -> bool:
    """Whether a VDM or VDO begins anywhere in the line."""
    return _START.search(line) is not None


def is_quoted(line: str) -> bool:
    """Whether no VDM or VDO begins before the first quotation mark, as in JSON or XML that wraps them."""
    return not has_sentence(line.partition('"')[0])


def split_sentences(line: str) -> list[Piece]:
    """All sentences of a line in order, each with what stands before it."""
    starts = [match.start() for match in _START.finditer(line)]
    pieces: list[Piece] = []
    before = line[: starts[0]] if starts else ""
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        sentence = parse_sentence(line[start:end])
        pieces.append(Piece(before, sentence))
        before = line[start + len(sentence.text) : end]
    return pieces


def parse_sentence(text: str) -> Sentence:
    """The sentence at the beginning of `text`, where a VDM or VDO begins."""
    match = _SENTENCE.match(text)
    if match is None:
        return _malformed(text)
    talker, total, number, sequence, channel, digits = match.groups()
    whole, tail = match.group(), text[match.end() :]
    if hex_value(digits) != checksum(whole[1 : whole.rindex("*")].encode("latin-1")):
        return Sentence(whole, talker, 1, 1, "", "", "checksum", tail)
    if not (_is_part(total) and _is_part(number) and number <= total):
        return Sentence(whole, talker, 1, 1, "", "", "malformed", tail)
    return Sentence(whole, talker, int(total), int(number), sequence, channel, None, tail)


def _malformed(text: str) -> Sentence:
    """All that stands there, up to the tag block of a sentence that follows; nothing after it can be told apart."""
    plain = text.partition("\\")[0].rstrip()
    return Sentence(plain, plain[1:3], 1, 1, "", "", "malformed", "")


def _is_part(text: str) -> bool:
    return len(text) == 1 and text in "123456789"
