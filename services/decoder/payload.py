"""From the sentences of one raw record to the payload they carry; no bit is read yet.

    !AIVDM,2,1,8,A,53l3sj42A590=5Q2220…,0*28        field 0   talker, VDM (another's) or VDO (own ship's)
    !AIVDM,2,2,8,A,888888888888880,2*2C                   1,2 number of parts, number of this part
     0     1 2 3 4 5               6                      4   channel    5  payload    6  fill bits, checksum

IEC 61162-1, VDM and VDO. Ingest has framed the sentences and verified their checksums; the layout is checked here
all the same, because anybody may publish to the exchange.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# The standard allows 0 to 5 fill bits. Some shore stations send 6: a whole character more than the message needs.
_FILL_BITS = {"": 0, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}


# Talkers are two letters; digits and `--` are seen in the wild.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


class Payload(NamedTuple):
    """What the sentences of one message say, joined."""

    text: bytes  # six-bit armoured, one character for six bits
    fill: int  # bits to leave out at the end
    talker: str
    own_ship: bool
    channel: str | None


class Sender(NamedTuple):
    """Who sent a sentence and where it was heard."""

    talker: str
    own_ship: bool
    channel: str | None


def sender_of(tag: str, channel: str) -> Sender | None:
    """The sender that the fields `!AIVDM` and `A` tell; None when it is not a VDM or VDO."""
    sender = _sender(tag)
    return Sender(*sender, _named(channel)) if sender else None


def join(sentences: Sequence[str]) -> Payload | str:
    """The payload of all sentences of one message in part order, or the reason (one of REASONS) why there is none."""
    if len(sentences) == 1:
        return _single(sentences[0])
    parts = [sentence.split(",", 7) for sentence in sentences]
    if not parts or not all(_is_part(fields, str(number), str(len(parts))) for number, fields in enumerate(parts, 1)):
        return "malformed"
    channel = next((fields[4] for fields in parts if fields[4]), "")
    return _payload(parts[0][0], channel, "".join(fields[5] for fields in parts), parts[-1][6])


def _single(sentence: str) -> Payload | str:
    fields = sentence.split(",", 7)
    if not _is_part(fields, "1", "1"):
        return "malformed"
    return _payload(fields[0], fields[4], fields[5], fields[6])


def _is_part(fields: list[str], number: str, parts: str) -> bool:
    return len(fields) >= 7 and fields[1] == parts and fields[2] == number


def _payload(tag: str, channel: str, text: str, end: str) -> Payload | str:
    sender = _sender(tag)
    digit, star, _checksum = end.partition("*")
    fill = _FILL_BITS.get(digit)
    if sender is None or fill is None or not star:
        return "malformed"
    if not text:
        return "empty"
    # What is not ASCII becomes bytes outside the armour, to be found with the rest.
    return Payload(text.encode("utf-8", "surrogatepass"), fill, *sender, _named(channel))


def _named(channel: str) -> str | None:
    """The channel, when what stands in its field can be one."""
    return channel if len(channel) <= 2 and channel.isascii() and channel.isalnum() else None


@lru_cache(maxsize=256)  # a feed has a handful of talkers; the bound is for noise
def _sender(tag: str) -> tuple[str, bool] | None:
    """Talker and own-ship flag of `!AIVDM`; None when it is not a VDM or VDO."""
    talker, formatter = tag[1:3].upper(), tag[3:].upper()
    if tag[:1] != "!" or formatter not in ("VDM", "VDO") or len(talker) != 2 or not _PLAIN.issuperset(talker):
        return None
    return talker, formatter == "VDO"
