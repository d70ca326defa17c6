r"""One line of NMEA 0183 with AIS, taken apart; nothing remembered between lines.

\s:2573535,c:1671533231*08\!BSVDM,2,1,5,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06
 tag block (NMEA 4.00, 7)   talker total number seq channel payload fill checksum
"""

from typing import NamedTuple

SHORTEST_SENTENCE = len("!AIVDM,1,1,,,,0*00")


class Sentence(NamedTuple):
    """A VDM or VDO sentence. `text` is the sentence as sent, from `!` to the checksum."""

    text: str
    talker: str
    total: int
    number: int
    sequence: str
    channel: str
    defect: str | None


class TagBlock(NamedTuple):
    """The fields of a tag block that Fairway uses; `text` has them all. Values are None when absent."""

    text: str
    station: str | None
    time: str | None
    group: tuple[str, int] | None  # group id and our number in it
    is_sound: bool


def checksum(data: bytes) -> int:
    """XOR of all bytes (NMEA 0183, 5.3), folding the whole text at once instead of byte by byte."""
    folded = int.from_bytes(data, "little")
    width = 1 << max(3, (len(data) * 8 - 1).bit_length())
    while width > 8:
        width >>= 1
        folded ^= folded >> width
    return folded & 0xFF


def split_tag_block(line: bytes) -> tuple[bytes | None, bytes]:
    """The text between leading backslashes, or None, and the rest of the line."""
    start = line.find(b"\\")
    if start < 0:
        return None, line
    end = line.find(b"\\", start + 1)
    if end < 0:
        return None, line
    return line[start + 1 : end], line[end + 1 :]


def parse_tag_block(block: bytes) -> TagBlock:
    """A tag block's text, without backslashes. A block whose checksum fails is told as not sound."""
    body, _, digits = block.partition(b"*")
    text = body.decode("ascii", "replace")
    station = time = None
    group: tuple[str, int] | None = None
    for part in text.split(","):
        key, _, value = part.partition(":")
        if key == "s":
            station = value or None
        elif key == "c":
            time = value
        elif key == "g":
            group = _group_400(value)
        elif "G" in key:
            group = _group_410(key, value)
    return TagBlock(text, station, time, group, _hex(digits) == checksum(body))


def parse_sentence(text: bytes) -> Sentence | None:
    """The sentence that starts at the `!` of `text`, or None when it is not a VDM or VDO.

    One that means to be AIS but cannot be used has a `defect`, a reason of records.REASONS.
    """
    if text[3:6] not in (b"VDM", b"VDO"):
        return None
    body, star, rest = text.partition(b"*")
    fields = body.split(b",")
    if len(fields) != 7 or not star or len(body) + 3 < SHORTEST_SENTENCE:
        return _defective(text, "malformed")
    plain = text[: len(body) + 3].decode("latin-1")
    if _hex(rest[:2]) != checksum(body[1:]):
        return _defective(text, "checksum")
    head, total, number, sequence, channel, _payload, _fill = plain[: len(body)].split(",")
    if total == "1" and number == "1":  # nine in ten
        return Sentence(plain, head[1:3], 1, 1, sequence, channel, None)
    if not (_is_part(total) and _is_part(number) and int(number) <= int(total)):
        return _defective(text, "malformed")
    return Sentence(plain, head[1:3], int(total), int(number), sequence, channel, None)


def _defective(text: bytes, reason: str) -> Sentence:
    plain = text.rstrip().decode("latin-1")
    return Sentence(plain, plain[1:3], 1, 1, "", "", reason)


def _is_part(text: str) -> bool:
    return len(text) == 1 and text in "123456789"


def _hex(digits: bytes) -> int:
    try:
        return int(digits, 16) if len(digits) == 2 else -1
    except ValueError:
        return -1


def _group_400(value: str) -> tuple[str, int] | None:
    """`1-2-1234`: number, total, id."""
    number, _, rest = value.partition("-")
    _total, _, name = rest.partition("-")
    return (name, int(number)) if number.isdigit() and name else None


def _group_410(key: str, value: str) -> tuple[str, int] | None:
    """`2G2:20856`: number, G, total, then the id."""
    number, _, total = key.partition("G")
    return (value, int(number)) if number.isdigit() and total.isdigit() and value else None
