"""Times as providers write them, as milliseconds since 1970.

1505969059, "1505969059.0", 1487615269007      seconds, milliseconds, micro- or nanoseconds: by their size
2014-08-01T00:13:07.000000Z, 2011-04-12 10:40:27 GMT, 2014-01-01 01:14:25.000000     without a zone it is UTC
2023-05-10 11:46:52.509865357 +0000 UTC        Go's time.String(), with any number of digits
20240101000000                                 the parts in a row
"""

from datetime import datetime
from functools import lru_cache

from fairway.clock import ms_of
from services.ingest.formats.shapes.conversions import NOTHING, Object, Unreadable, number

LONGEST_TIME = 64  # characters
MOST_SECONDS = 10**11  # of the year 5138; a bigger number is in a smaller unit
PARTS_IN_A_ROW = 14


def epoch_ms(value: object) -> int | None:
    """None when there is no time. Raises Unreadable for bad_time."""
    if isinstance(value, str):
        return _of_text(value) if len(value) <= LONGEST_TIME else _unreadable()
    try:
        found = number(value)
    except Unreadable:
        return _unreadable()
    return None if found is None else _by_size(found)


def first_time(each: Object, keys: tuple[str, ...]) -> int | None:
    """The time under the first of `keys` that has one. Raises Unreadable for bad_time."""
    for key in keys:
        value = each.get(key)
        if value is not None:
            found = epoch_ms(value)
            if found is not None:
                return found
    return None


def _by_size(found: int | float) -> int:
    if abs(found) < MOST_SECONDS:
        return round(found * 1000)
    if abs(found) < MOST_SECONDS * 1_000:
        return round(found)
    return int(found) // (1_000 if abs(found) < MOST_SECONDS * 1_000_000 else 1_000_000)


def _unreadable() -> int | None:
    raise Unreadable("bad_time")


@lru_cache(maxsize=4096)  # a feed repeats the same few seconds thousands of times
def _of_text(text: str) -> int | None:
    text = text.strip()
    if text.lower() in NOTHING:
        return None
    try:
        return _of_words(text)
    except (ValueError, OverflowError):
        return _unreadable()


def _of_words(text: str) -> int | None:
    if text.isdigit() and len(text) == PARTS_IN_A_ROW:
        text = f"{text[:8]}T{text[8:]}"
    elif text.replace(".", "", 1).isdigit():
        return epoch_ms(float(text) if "." in text else int(text))
    return ms_of(datetime.fromisoformat(_iso(text)))


def _iso(text: str) -> str:
    """Without the name of the zone: `2023-05-10 11:46:52 +0000 UTC`, `2011-04-12 10:40:27 GMT`."""
    words = text.split()
    if len(words) >= 3 and words[2][:1] in "+-":
        return f"{words[0]}T{words[1]}{words[2]}"
    if len(words) == 3 and words[2].upper() in ("UTC", "GMT", "Z"):
        return f"{words[0]}T{words[1]}"
    return text
