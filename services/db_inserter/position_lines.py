"""Position reports out of NDJSON without an object a record: the usual lines of a body, read a column at a time.

Usual is what our own encoder writes of a report of types 1, 2, 3, 18 and 27, or of a provider's position: see MEMBERS. Every
other line is left to whoever decodes it as a record: other kinds, type 19 and what else says who a ship is, numbers out of
range or with an exponent, texts that are long or have escapes, and what is no JSON at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.db_inserter import words
from services.db_inserter.labels import Label
from services.db_inserter.members import Lines, Members, Names
from services.db_inserter.position_rows import COLUMNS, NULLS, ROW, Positions, Rows, empty_rows, rows_of
from services.db_inserter.words import Body, Flags, Places, Words

HEAD = b'{"kind":"position"'
EXTENDED_CLASS_B = 19  # carries static data, which has its own way into the database

# Members by the form of their values: those of one form are read together. `missing` is rare and long; it is not usual.
TIMES = ("event_time", "received_at")
DEGREES = ("lon", "lat")
REALS = tuple(column for column in COLUMNS if ROW[column].kind == "f")
INTEGERS = tuple(
    column for column in COLUMNS if ROW[column] in (np.int16, np.int32) and column not in (*DEGREES, "label")
)
FLAGS = tuple(column for column in COLUMNS if ROW[column] == np.int8)
# Texts, with how many words of eight characters one may have, its quotation marks included.
TEXTS = {"source": 4, "station": 4, "time_source": 2, "channel": 1, "talker": 1, "turning": 1, "ais_class": 1}
FLAGS_OF_LABEL = {"own_ship": 1, "low_resolution": 1}
NOT_STORED = ("digest",)  # a whole number, too

_IN_WORDS = {**TEXTS, **FLAGS_OF_LABEL}
MEMBERS = (*TIMES, *DEGREES, *REALS, *INTEGERS, *NOT_STORED, *FLAGS, *_IN_WORDS)
_NAMES = Names(HEAD, MEMBERS)
_NUMBERS = {name: number for number, name in enumerate(MEMBERS)}

_WIDTHS = list(_IN_WORDS.values())
_WORD_PLACES = {name: slice(sum(_WIDTHS[:number]), sum(_WIDTHS[: number + 1])) for number, name in enumerate(_IN_WORDS)}
_MIXERS = np.random.default_rng(1371).integers(1, 1 << 63, sum(_WIDTHS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
# Of the four words of a text of n characters, the bytes that belong to it.
_WITHIN_TEXT = np.array(
    [[(1 << 8 * min(8, max(0, n - 8 * part))) - 1 for part in range(4)] for n in range(33)], dtype=np.uint64
)


@dataclass(frozen=True)
class Read:
    """What was read of a body: the positions with the numbers of their lines, and of those that somebody else must read."""

    lines: Lines
    positions: Positions
    chosen: NDArray[np.int64]
    left: NDArray[np.int64]


def read(*pieces: bytes) -> Read:
    """The usual positions of a body, given in pieces. Never raises."""
    body = Body(*pieces)
    lines = Lines(body)
    if not len(lines):
        return Read(lines, Positions(empty_rows(0), [], np.empty(0, np.int32)), lines.start, lines.start)
    members = _NAMES.find(lines)
    rows, sound = empty_rows(len(lines)), members.sound
    for names, reader in _READERS:
        _fill(rows, sound, members, names, reader, body)
    texts = _texts(body, members, sound)
    sound &= _is_complete(rows, texts)
    _empty_halves(rows)
    positions, chosen = _with_labels(rows, texts, np.flatnonzero(sound))
    sound[:] = False
    sound[chosen] = True
    return Read(lines, positions, chosen, np.flatnonzero(~sound))


Reader = Callable[[Body, Places, Places], tuple[NDArray[Any], Flags]]
_READERS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    (TIMES, words.times),
    (DEGREES, words.ten_millionths),
    (REALS, words.reals),
    ((*INTEGERS, *NOT_STORED), words.integers),
    (FLAGS, words.booleans),
)


def _fill(rows: Rows, sound: Flags, members: Members, names: Sequence[str], reader: Reader, body: Body) -> None:
    """Read the members of these names, which have neighbouring numbers, into their columns."""
    first, last = _NUMBERS[names[0]], _NUMBERS[names[-1]] + 1
    begin, end = members.bounds[first], members.bounds[last]
    values, readable = reader(body, members.start[begin:end], members.end[begin:end])
    if not readable.all():
        sound[members.lines[begin:end][~readable]] = False
        values = np.where(readable, values, 0)
    for name in names:
        some = slice(members.bounds[_NUMBERS[name]], members.bounds[_NUMBERS[name] + 1])
        if some.start < some.stop and name not in NOT_STORED:
            _put(rows, sound, name, members.lines[some], values[some.start - begin : some.stop - begin])


def _put(rows: Rows, sound: Flags, column: str, lines: Places, values: NDArray[Any]) -> None:
    if ROW[column].kind == "i" and ROW[column].itemsize < 8:
        most = np.iinfo(ROW[column]).max
        if values.max() > most or values.min() < -most:
            sound[lines[np.abs(values) > most]] = False
            values = np.clip(values, -most, most)
    if len(lines) == len(rows):  # of every line one; of a line that has two, both are refused anyway
        rows[column] = values
    else:
        rows[column][lines] = values


def _texts(body: Body, members: Members, sound: Flags) -> Words:
    """For each line the words of its texts, side by side; zeros where there is none."""
    texts = np.zeros((len(sound), sum(_WIDTHS)), np.uint64)
    for name, place in _WORD_PLACES.items():
        some = slice(members.bounds[_NUMBERS[name]], members.bounds[_NUMBERS[name] + 1])
        if some.start == some.stop:
            continue
        lines, length = members.lines[some], members.end[some] - members.start[some]
        width = place.stop - place.start
        # A NUL at the end would be taken for the words' own.
        odd = (length > 8 * width) | (length == 0) | (body.bytes[members.end[some] - 1] == 0)
        if odd.any():
            sound[lines[odd]] = False
        within = _WITHIN_TEXT[np.minimum(length, 32), :width]
        texts[lines, place] = (body.fours if width > 1 else body.ones)(members.start[some])[:, :width] & within
    return texts


def _is_complete(rows: Rows, texts: Words) -> Flags:
    complete: Flags = rows["msg_type"] != EXTENDED_CLASS_B
    for column in ("event_time", "received_at", "mmsi"):
        complete &= rows[column] != NULLS[column]
    for name in ("source", "time_source"):
        complete &= texts[:, _WORD_PLACES[name].start] != 0
    return complete


def _empty_halves(rows: Rows) -> None:
    """Half a position is none."""
    half = (rows["lon"] == NULLS["lon"]) != (rows["lat"] == NULLS["lat"])
    if half.any():
        for column in DEGREES:
            rows[column][half] = NULLS[column]


def _with_labels(rows: Rows, texts: Words, chosen: NDArray[np.int64]) -> tuple[Positions, NDArray[np.int64]]:
    """The chosen rows with their labels, less those whose label is not usual; and which rows these are."""
    if len(chosen) < len(rows):
        texts = texts[chosen]
    mixed = texts @ _MIXERS
    _, first, which = np.unique(mixed, return_index=True, return_inverse=True)
    labels = [_label(texts[row].tobytes()) for row in first.tolist()]
    usual = np.array([label is not None for label in labels], dtype=np.bool_)
    # Different texts may mix to the same number.
    agreed = usual[which] & ~(texts != texts[first][which]).any(axis=1)
    if not agreed.all():
        chosen, which = chosen[agreed], which[agreed]
    found = rows_of(rows, chosen) if len(chosen) < len(rows) else rows
    found["label"] = (np.cumsum(usual) - 1)[which]
    kept = [label for label in labels if label is not None]
    return Positions(found, kept, np.zeros(len(found), dtype=np.int32)), chosen


def _label(texts: bytes) -> Label | None:
    """The label whose texts these words hold; None when one is not plain."""
    found: dict[str, Any] = {"missing": None}
    for name, place in _WORD_PLACES.items():
        value = _plain(texts[8 * place.start : 8 * place.stop].rstrip(b"\0"), name in FLAGS_OF_LABEL)
        if value is _ODD:
            return None
        found[name] = value
    return Label(**found)


_ODD = object()
_FLAGS = {b"": False, b"true": True, b"false": False}


def _plain(text: bytes, is_flag: bool) -> object:
    if is_flag:
        return _FLAGS.get(text, _ODD)
    if not text:
        return None
    inner = text[1:-1]
    if len(text) < 2 or text[:1] != b'"' or text[-1:] != b'"' or b'"' in inner or b"\\" in inner:
        return _ODD
    try:
        value = inner.decode()
    except UnicodeDecodeError:
        return _ODD
    return value if value.isprintable() else _ODD
