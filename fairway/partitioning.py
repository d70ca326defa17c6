"""Shares a decoded batch out among several filters by vessel: each vessel's reports all go to one of them, in order.

    decoded.ais.coastal.denmark    <root>/d       1,000 records, 3 rejected before
      →  header partition: 1a      <root>/d/p1of2   489 records, 3 rejected before
      →  header partition: 2a      <root>/d/p2of2   511 records

The parts' accounts add up to the batch's. Ids follow from the batch's id and its content, so a redelivery gives the same
parts. A part without records is left out, except where it is the only one: an account must reach the database.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from fairway.messages import Account, Message
from fairway.topics import PARTITIONS, Stage

LONGEST_MMSI = 10  # digits of the largest number of 30 bits

Numbers = npt.NDArray[np.int64]

_WORD = b"mmsi"
_DECODED = f"{Stage.DECODED}.ais."
_NO_NUMBER = -1
_COMMA = ord(",") - ord("0")
_PADDING = b"\n" * (LONGEST_MMSI + 3)
_SPREAD = 2654435761  # 2^32 over the golden ratio, a prime


class _Vessel(msgspec.Struct):
    """What decides to whom a line goes."""

    mmsi: Annotated[int, msgspec.Meta(ge=0, lt=1 << 30)]


def split(message: Message, partitions: int) -> Sequence[Message]:
    """The parts of a decoded batch for so many filters; any other message, or one for a single filter, as it is."""
    if partitions == 1 or not message.key.startswith(_DECODED):
        return (message,)
    lines = message.body.removesuffix(b"\n").split(b"\n") if message.body else []
    owners = partitions_of(_vessels(message.body, lines), partitions)
    shares = [list(compress(lines, (owners == part).tolist())) for part in range(partitions)]
    present = [part for part, share in enumerate(shares) if share] or [0]
    bearer, *others = (_part(message, part, partitions, shares[part]) for part in present)
    received = message.account.received - sum(part.records for part in others)
    return [replace(bearer, account=replace(message.account, received=received)), *others]


def partitions_of(vessels: Numbers, partitions: int) -> Numbers:
    """Which of the filters, counted from 0, has each of these MMSIs.

    Multiplying spreads them first (Knuth, TAOCP 3, 6.4): MMSIs are given out in steps and often end in zeros.
    """
    spread: Numbers = (vessels * _SPREAD % (1 << 32) >> 16) % partitions
    return spread


def _part(message: Message, part: int, partitions: int, lines: list[bytes]) -> Message:
    return replace(
        message,
        id=f"{message.id}/p{part + 1}of{partitions}",  # so that parts of another division are never taken for these
        body=b"\n".join([*lines, b""]),
        records=len(lines),
        account=Account(len(lines)),
        partition=PARTITIONS[part],
    )


def _vessels(body: bytes, lines: list[bytes]) -> Numbers:
    """The MMSI of each line: the number after the first "mmsi" in it, which in our records stands before any other."""
    if not lines:
        return np.empty(0, np.int64)
    text = np.frombuffer(body + _PADDING, np.uint8)
    ends = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)
    starts = np.concatenate(([0], ends[:-1]))
    places = np.append(_places(body, text), len(body))  # the last is no place: it is in no line
    firsts = places[np.searchsorted(places, starts)]
    vessels = np.where(firsts < ends, _numbers(text, firsts), _NO_NUMBER)
    for odd in np.flatnonzero(vessels == _NO_NUMBER):
        vessels[odd] = _decode(lines[odd])
    return vessels


def _places(body: bytes, text: npt.NDArray[np.uint8]) -> Numbers:
    """Where a value of "mmsi" begins."""
    pieces = body.split(_WORD)[:-1]  # the word alone is found twice as fast as with what must stand around it
    after = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)) + len(_WORD))
    quotes = (text[after - len(_WORD) - 1] == ord('"')) & (text[after] == ord('"'))
    named: Numbers = after[quotes & (text[after + 1] == ord(":"))]
    return named + 2


def _numbers(text: npt.NDArray[np.uint8], starts: Numbers) -> Numbers:
    """The decimal numbers from `starts` up to a comma; _NO_NUMBER where there is none of that form."""
    numbers, inside = np.zeros_like(starts), np.ones(len(starts), bool)
    sound = np.zeros(len(starts), bool)
    for place in range(LONGEST_MMSI + 1):
        digits = text[starts + place].astype(np.int64) - ord("0")
        sound |= inside & (digits == _COMMA) & (place > 0)
        inside &= (digits >= 0) & (digits <= 9)
        numbers = np.where(inside, numbers * 10 + digits, numbers)
    return np.where(sound, numbers, _NO_NUMBER)


def _decode(line: bytes) -> int:
    """The MMSI of a line of another form than ours; 0 where it is no record, which any filter can find out."""
    try:
        return msgspec.json.decode(line, type=_Vessel).mmsi
    except msgspec.MsgspecError:
        return 0
