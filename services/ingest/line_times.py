"""Times that writers of logs put around a sentence: before it, after it, or alone on a line. All are UTC.

Before: `2021-11-01T13:26:28.392 `, `2022-01-01 00:00:00,123: `, an offset or Z, `1550303566167726840 ` (epoch in seconds, milli-,
micro- or nanoseconds by its number of digits), `20211101T132628Z`, with words or brackets around it. The first one counts.
After the checksum, between commas: `,d-095,S1651,t161344.00,T44.03018211,r3669963,1429287142` (US Coast Guard: signal, slot, time
of arrival, station, epoch), `,1357134218` (MSSIS). Of several epochs the first counts: every relay appends its own clock after
the receiver's, and in recordings that have both the first is the one that agrees with the t field.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_DAY_MS = 86_400_000
_EPOCH_DIVISORS = {
    10: 1,
    13: 1_000,
    16: 1_000_000,
    19: 1_000_000_000,
}  # digits of a date from 2001 to 2286: units in a second

_TIME = re.compile(
    r"(?<![0-9A-Za-z.:+-])"
    r"(?:([0-9]{4}[/-][0-9]{2}[/-][0-9]{2}[T _][0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{8}T[0-9]{6})"
    r"(?:[.,]([0-9]{1,9}))? ?(Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
    r"|([0-9]{19}|[0-9]{16}|[0-9]{13}|[0-9]{10})(?:\.([0-9]{1,9}))?)"
    r"(?![0-9A-Za-z])"
)
_STATION = re.compile(
    r"[rRbB][0-9A-Za-z][0-9A-Za-z_-]{2,58}|[dD][0-9][0-9A-Za-z][0-9A-Za-z_-]{2,58}"
)  # d-095 is a signal strength
_USUAL_TRAILING = re.compile(
    r",(?:[sStTx][^,]*,)*+(?:d-[^,]*,)?+(?:[sStTx][^,]*,)*+(?:([rRbB][0-9A-Za-z][0-9A-Za-z_-]{2,58}+),)?+([0-9]{10})\r?"
)  # finds what the loop of read_trailing would
_ISO_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}[.,]")
_ENDS_A_PREFIX = frozenset(["", ": ", ":", " ", "  ", " I", ";", "; ", "\t", ", ", ",", " |"])  # and no zone follows
_AROUND_A_TIME = " \t\r,;:|])'\""
_BEFORE_A_TIME = " \t[('\"<{"  # behind more than these an epoch is one until 2033: other numbers have ten digits too


def prefix_ms(before: str) -> int | None:
    """The time that the text before a sentence begins with, milliseconds since 1970; None when there is none."""
    if before[4:5] == "-" and len(before) >= 23:  # 2021-11-01 13:26:28,392:
        start = _iso_ms(before[:20])
        if start is not None and before[23:25] in _ENDS_A_PREFIX and before[20:23].isdecimal():
            return start + int(before[20:23])
    elif before[19:] == " " and before[:19].isdecimal():  # 1550303566167726840
        return int(before[:13])
    return any_prefix_ms(before)


def any_prefix_ms(before: str) -> int | None:
    """As `prefix_ms`, without its short cuts."""
    match = _TIME.search(before)
    if match is None:
        return None
    second, fraction, offset, epoch, epoch_fraction = match.groups()
    if epoch is not None:
        is_first = not before[: match.start()].strip(_BEFORE_A_TIME)
        return _epoch_ms(epoch, epoch_fraction) if is_first or epoch[0] == "1" else None
    start = _second_ms(second)
    if start is None:
        return None
    if fraction is not None:
        start += _milliseconds(fraction)
    return start if offset is None else start - _offset_ms(offset)


def is_only_a_time(line: str) -> bool:
    """Whether the line holds a time and nothing else but punctuation."""
    bare = line.strip(_BEFORE_A_TIME + _AROUND_A_TIME)
    match = _TIME.match(bare)
    return match is not None and match.end() == len(bare)


def read_trailing(tail: str) -> tuple[str | None, int | None]:
    """Station and time, milliseconds since 1970, in the comma-separated fields after a checksum; each None when absent."""
    if len(tail) == 11 and tail[0] == "," and tail[1:].isdecimal():
        return None, int(tail[1:]) * 1000
    usual = _USUAL_TRAILING.fullmatch(tail)
    if usual is not None:
        station, epoch = usual.groups()
        return station, int(epoch) * 1000
    if tail.lstrip()[:1] != ",":
        return None, _time_at_once(tail.lstrip(" \t;|"))
    station = event_ms = None
    for field in tail.split(",")[1:]:
        first = field[:1]
        if first in "rRbBdD":
            if first and _STATION.fullmatch(field.strip()):
                station = field.strip()
        elif event_ms is None and "0" <= first <= "9":
            event_ms = _trailing_time(field.strip())
    return station, event_ms


def epoch_ms(text: str) -> int | None:
    """Milliseconds since 1970 of a tag block's c: seconds, or by length milli-, micro- or nanoseconds; None: no number.

    Up to 11 digits are seconds, which last until the year 5138; a fraction of a second may follow.
    """
    whole, _, fraction = text.partition(".")
    if not _is_digits(whole) or len(whole) > 20 or (fraction and not _is_digits(fraction)):
        return None
    if len(whole) <= 11:
        return int(whole) * 1000 + (_milliseconds(fraction) if fraction else 0)
    return int(whole) // (1 if len(whole) <= 14 else 1_000 if len(whole) <= 17 else 1_000_000)


@lru_cache(maxsize=64)
def day_ms(year: int, month: int, day: int) -> int | None:
    """Milliseconds since 1970 at the start of a day; None when the calendar has no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return (date(year, month, day).toordinal() - date(1970, 1, 1).toordinal()) * _DAY_MS


def time_of_day_ms(hour: int, minute: int, second: int) -> int | None:
    """Milliseconds since midnight; None when there is no such time. A leap second counts as the next minute's first."""
    if hour > 23 or minute > 59 or second > 60:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1000


@lru_cache(maxsize=64)
def _iso_ms(text: str) -> int | None:
    """Of `2021-11-01T13:26:28.`, with a point or comma."""
    return _second_ms(text[:19]) if _ISO_SECOND.fullmatch(text) else None


@lru_cache(maxsize=1024)  # a log repeats the same second many times
def _second_ms(text: str) -> int | None:
    """`2021-11-01T13:26:28` or `20211101T132628` as milliseconds since 1970."""
    if text[8] == "T":
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[9:11]}:{text[11:13]}:{text[13:]}"
    day = day_ms(int(text[:4]), int(text[5:7]), int(text[8:10]))
    time = time_of_day_ms(int(text[11:13]), int(text[14:16]), int(text[17:19]))
    return None if day is None or time is None else day + time


def _epoch_ms(epoch: str, fraction: str | None) -> int:
    """An epoch whose unit follows from its number of digits; a fraction is one of seconds."""
    if len(epoch) == 10:
        return int(epoch) * 1000 + (_milliseconds(fraction) if fraction else 0)
    return int(epoch) * 1000 // _EPOCH_DIVISORS[len(epoch)]


def _milliseconds(fraction: str) -> int:
    """Milliseconds of the digits behind a decimal sign."""
    return int(fraction[:3]) if len(fraction) >= 3 else int(fraction) * 10 ** (3 - len(fraction))


def _offset_ms(offset: str) -> int:
    """How far a zone such as `+02:00` or `-0330` is ahead of UTC."""
    if offset in ("Z", "z", "UTC", "GMT"):
        return 0
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return minutes * 60_000 if offset[0] == "+" else -minutes * 60_000


def _time_at_once(text: str) -> int | None:
    """The date and time that the text begins with."""
    match = _TIME.match(text)
    return None if match is None else any_prefix_ms(match.group())


def _trailing_time(field: str) -> int | None:
    if not field[:5].isdecimal():
        return _time_at_once(field)
    whole, _, fraction = field.partition(".")
    if len(whole) not in _EPOCH_DIVISORS or not _is_digits(whole) or (fraction and not _is_digits(fraction)):
        return None
    return _epoch_ms(whole, fraction)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
