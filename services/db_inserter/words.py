"""Values read out of bytes a column at a time: eight characters are one 64-bit word, and arithmetic works on all rows at once.

Places are offsets of characters in a body. Each reader gives the values and, beside them, which rows it could read: it never
raises, and where it says no the value is meaningless. It reads what our own encoder writes; that a row is refused means
only that somebody slower must look at it.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

SPARE = 32  # bytes behind the end that may be looked at
MICROSECONDS_A_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1).toordinal()


def _every(byte: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes([byte]) * 8, "little"))


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


_ZEROS, _DOTS, _ONES, _HIGHS = _every(ord("0")), _every(ord(".")), _every(1), _every(0x80)
_ABOVE_NINE = _every(0x76)  # added to a digit it leaves the high bit alone; added to more it sets it
_PAIRS, _FOURS, _EIGHT = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF), np.uint64(0xFFFFFFFF)
_BYTE = np.uint64(0xFF)
_SHIFTS = {bits: np.uint64(bits) for bits in range(0, 64, 8)}
_TEN, _HUNDRED, _TEN_THOUSAND = np.uint64(10), np.uint64(100), np.uint64(10_000)
_PLACE_OF_BIT = np.uint64(0x0001020304050607)  # times 1 << 8n, its highest byte is n
# The last n characters of a word: the highest bytes, for words are read little-endian.
_LAST = np.array([(1 << 64) - (1 << (64 - 8 * n)) for n in range(9)], dtype=np.uint64)
_POWERS = np.array([10**n for n in range(8)], dtype=np.int64)
_TRUE, _FALSE, _FIVE_BYTES = _word(b"true"), _word(b"false"), np.uint64((1 << 40) - 1)
_FOUR_BYTES = np.uint64((1 << 32) - 1)


class Body:
    """A text in which words can be read at any place."""

    def __init__(self, *pieces: bytes) -> None:
        padded = b"".join([*pieces, bytes(SPARE)])
        self.size = len(padded) - SPARE
        self.bytes = np.frombuffer(padded, np.uint8)
        # As plain bytes without alignment: numpy gathers those without a detour.
        self._single, self._double, self._fourfold = (
            np.ndarray((len(padded) - size + 1,), f"V{size}", buffer=padded, strides=(1,)) for size in (8, 16, 32)
        )

    def words(self, places: Places) -> Words:
        """The eight characters from each place on."""
        return self._single[places].view("<u8")

    def ones(self, places: Places) -> Words:
        """The eight characters from each place on, one word a row."""
        return self.words(places).reshape(-1, 1)

    def pairs(self, places: Places) -> Words:
        """The sixteen characters from each place on, two words a row."""
        return self._double[places].view("<u8").reshape(-1, 2)

    def fours(self, places: Places) -> Words:
        """The 32 characters from each place on, four words a row."""
        return self._fourfold[places].view("<u8").reshape(-1, 4)


def _digits(words: Words, count: Numbers) -> tuple[Words, Flags]:
    """The number that the last `count` (0 to 8) characters of each word write."""
    return _number((words ^ _ZEROS) & _LAST[count])


def _number(digits: Words) -> tuple[Words, Flags]:
    """The number of eight digits in each word, the first in the lowest byte."""
    sound = ((digits + _ABOVE_NINE) | digits) & _HIGHS == 0
    pairs = (digits * _TEN + (digits >> _SHIFTS[8])) & _PAIRS
    fours = (pairs * _HUNDRED + (pairs >> _SHIFTS[16])) & _FOURS
    return (fours * _TEN_THOUSAND + (fours >> _SHIFTS[32])) & _EIGHT, sound


def integers(body: Body, start: Places, end: Places) -> tuple[Numbers, Flags]:
    """Whole numbers from 0 to ten digits, without a leading zero."""
    length = end - start
    sound = (length > 0) & (length <= 10) & ((length == 1) | (body.bytes[start] != ord("0")))
    low, are_digits = _digits(body.words(end - 8), np.clip(length, 0, 8))
    values, sound = low.astype(np.int64), sound & are_digits
    long = np.flatnonzero(length > 8)
    high, are_digits = _digits(body.words(end[long] - 16), np.minimum(length[long] - 8, 8))
    values[long] += high.astype(np.int64) * 100_000_000
    sound[long] &= are_digits
    return values, sound


def decimals(body: Body, start: Places, end: Places) -> tuple[Numbers, Numbers, Flags]:
    """Numbers with one to seven digits behind a point: the digits as a whole number, and how many stand behind."""
    negative = body.bytes[start] == ord("-")
    start = start + negative
    length = end - start
    words = body.words(end - 8)
    # The lowest zero byte is the point; borrowing can only mark bytes above it, and a second point is no digit.
    beyond = (words ^ _DOTS) | ~_LAST[np.clip(length, 0, 8)]
    marks = (beyond - _ONES) & ~beyond & _HIGHS
    point = (marks & (~marks + np.uint64(1))) >> np.uint64(7)
    behind = 7 - ((point * _PLACE_OF_BIT) >> _SHIFTS[56]).astype(np.int64)
    fraction, sound = _number((words ^ _ZEROS) & ~((point << _SHIFTS[8]) - np.uint64(1)))
    before = length - behind - 1
    sound &= (marks != 0) & (behind > 0) & (before > 0) & (before <= 8)
    sound &= (before == 1) | (body.bytes[start] != ord("0"))
    whole, are_digits = _digits(body.words(end - behind - 9), np.clip(before, 0, 8))
    values = whole.astype(np.int64) * _POWERS[behind] + fraction.astype(np.int64)
    return np.where(negative, -values, values), behind, sound & are_digits


def reals(body: Body, start: Places, end: Places) -> tuple[NDArray[np.float64], Flags]:
    """Numbers with a point, as the nearest binary ones."""
    values, behind, sound = decimals(body, start, end)
    return values / _POWERS[behind], sound


def ten_millionths(body: Body, start: Places, end: Places) -> tuple[Numbers, Flags]:
    """Numbers with a point, in units of 1e-7."""
    values, behind, sound = decimals(body, start, end)
    return values * _POWERS[7 - behind], sound


def booleans(body: Body, start: Places, end: Places) -> tuple[Flags, Flags]:
    """`true` and `false`."""
    words, length = body.words(start), end - start
    is_true = ((words & _FOUR_BYTES) == _TRUE) & (length == 4)
    return is_true, is_true | (((words & _FIVE_BYTES) == _FALSE) & (length == 5))


def times(body: Body, start: Places, end: Places) -> tuple[Numbers, Flags]:
    """Times in quotation marks, as clock.py has them, in microseconds since 1970 UTC."""
    sound = (end - start == 26) & (body.bytes[start] == ord('"')) & (body.bytes[start + 25] == ord('"'))
    words = body.fours(start + 1)
    date_, also, rest = (_parts(words[:, n], form) for n, form in enumerate((b"0000-00-", b"00T00:00", b":00.000Z")))
    year, month = _pair(date_[0], 0) * 100 + _pair(date_[0], 2), _pair(date_[0], 5)
    day, hour, minute = _pair(also[0], 0), _pair(also[0], 3), _pair(also[0], 6)
    second, hundredths, last = _pair(rest[0], 1), _pair(rest[0], 4), (rest[0] >> _SHIFTS[48]) & _BYTE
    sound &= date_[1] & also[1] & rest[1] & (hour < 24) & (minute < 60) & (second < 60)
    days, are_dates = _days((year * 10_000 + month * 100 + day).astype(np.int64))
    seconds = (hour * 3600 + minute * 60 + second).astype(np.int64)
    milliseconds = (hundredths * 10 + last).astype(np.int64)
    return days * MICROSECONDS_A_DAY + seconds * 1_000_000 + milliseconds * 1000, sound & are_dates


def _parts(words: Words, form: bytes) -> tuple[Words, Flags]:
    """The digits of words of a form in which 0 stands for a digit; the other characters are as they stand."""
    fixed = _word(bytes(0 if character == ord("0") else 0xFF for character in form))
    digits = (words ^ _ZEROS) & ~fixed
    is_sound = ((words & fixed) == (_word(form) & fixed)) & (((digits + _ABOVE_NINE) | digits) & _HIGHS == 0)
    return digits, is_sound


def _pair(digits: Words, place: int) -> Words:
    return ((digits >> _SHIFTS[8 * place]) & _BYTE) * _TEN + ((digits >> _SHIFTS[8 * place + 8]) & _BYTE)


def _days(dates: Numbers) -> tuple[Numbers, Flags]:
    """Days since 1970 of dates written as YYYYMMDD; a body has few different ones."""
    if len(dates) and (dates == dates[0]).all():
        day = _day(int(dates[0]))
        return np.full(len(dates), day or 0), np.full(len(dates), day is not None)
    different, which = np.unique(dates, return_inverse=True)
    days = [_day(number) for number in different.tolist()]
    return (
        np.array([day or 0 for day in days], dtype=np.int64)[which],
        np.array([day is not None for day in days], dtype=np.bool_)[which],
    )


def _day(number: int) -> int | None:
    try:
        return date(number // 10_000, number // 100 % 100, number % 100).toordinal() - _EPOCH
    except ValueError:
        return None
