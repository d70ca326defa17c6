"""Many payloads at once, as columns of numbers: from one-part sentences to the bits of their messages.

    !AIVDM,1,1,,A,15M67FC000G?ufbE`FepT@3n00Sa,0*5C\\n     all sentences of a chunk stand in one buffer, a line each
          └───┴─┴┴─┴────────────────────────────┴────┘      seven marks a line, so that one search gives every place

What is not exactly of this form, or has a character outside the armour, is left to the reader of one record
(decoding.py), who says what it is; here nothing is rejected. `payload.py` tells the fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from services.decoder.payload import Sender, sender_of

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

WIDTHS = (
    40,
    80,
)  # characters a row has room for; a position takes 28 or, padded, 34, static data 71, the longest aid 60
WORD_BITS = 48  # eight characters, and room for the sign
SENDERS = 16  # channels and talkers at once; a feed has two to six

_MARKS = 7  # commas and the end of the line
_COMMA, _STAR, _LINE_END = 44, 42, 10
_BEGIN, _ONE_PART = ord("!"), int.from_bytes(b",1", "big")  # how the first eight characters begin and end


@dataclass(frozen=True)
class PayloadColumns:
    """Payloads of one chunk. `rows` are their places among the sentences; a column has one number for each of them."""

    rows: Numbers
    texts: NDArray[np.bytes_]  # armoured
    six: NDArray[np.uint8]  # one row a payload, six-bit numbers, zeros behind its end
    words: Numbers  # one column a payload, 48 bits a word
    lengths: Numbers  # bits, without fill bits
    senders: Numbers  # places in the list of senders

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, offset: int, width: int) -> Numbers:
        """`width` bits, at most 48, from `offset` as unsigned numbers."""
        word, begin = divmod(offset, WORD_BITS)
        rest = begin + width - WORD_BITS
        if rest <= 0:
            bits = self.words[word] >> -rest if rest else self.words[word]
        else:
            bits = self.words[word] << rest | self.words[word + 1] >> (WORD_BITS - rest)
        number: Numbers = bits & ((1 << width) - 1)
        return number

    def text(self, offset: int, characters: int) -> NDArray[np.uint8]:
        """Six-bit characters from `offset`, one row a payload."""
        first, shift = divmod(offset, 6)
        one = self.six[:, first : first + characters]
        if not shift:
            return one
        other = self.six[:, first + 1 : first + 1 + characters]
        return ((one << shift | other >> (6 - shift)) & 63).astype(np.uint8, copy=False)

    def digests(self) -> Numbers:
        """CRC-32 of each armoured text: one step a payload in C, where columns would need three a character."""
        return np.fromiter(map(crc32, self.texts.tolist()), np.int64, len(self))

    def take(self, places: Numbers) -> "PayloadColumns":
        """The payloads at `places`."""
        return PayloadColumns(
            self.rows[places],
            self.texts[places],
            self.six[places],
            self.words[:, places],
            self.lengths[places],
            self.senders[places],
        )


@dataclass(frozen=True)
class _Lines:
    """Where things stand in the buffer, for lines of the usual form."""

    rows: Numbers
    data: NDArray[np.uint8]
    payloads: Numbers  # the first character
    characters: Numbers
    fills: Numbers
    senders: Numbers


def read_payloads(sentences: Sequence[bytes]) -> tuple[list[PayloadColumns], list[Sender]]:
    """The payloads of the usual sentences, sorted by room into at most one group for each of WIDTHS, and their senders."""
    lines, senders = _usual_lines(sentences)
    if lines is None:
        return [], []
    groups = []
    narrower = 0
    for width in WIDTHS:
        places = np.flatnonzero((lines.characters > narrower) & (lines.characters <= width))
        if len(places):
            groups.append(_unarmoured(lines, places, width))
        narrower = width
    return groups, senders


def _usual_lines(sentences: Sequence[bytes]) -> tuple[_Lines | None, list[Sender]]:
    rows: Numbers = np.arange(len(sentences))
    data, marks = _marks(sentences)
    if marks is None:
        usual_rows = [row for row, text in enumerate(sentences) if text.count(b",") == _MARKS - 1 and b"\n" not in text]
        rows = np.array(usual_rows, np.int64)
        data, marks = _marks([sentences[row] for row in usual_rows])
    if marks is None or not len(rows):
        return None, []
    starts = np.empty(len(rows), np.int64)
    starts[0] = 0
    starts[1:] = marks[:-1, 6] + 1
    head = _eight_bytes(data, starts)
    fill = data[marks[:, 5] + 1].astype(np.int64) - 48
    usual = (
        (head >> 56 == _BEGIN)
        & (head & 0xFFFF == _ONE_PART)
        & (marks[:, 0] - starts == 6)
        & (marks[:, 1] - starts == 8)
        & (marks[:, 2] - starts == 10)
        & (data[starts + 9] == 49)
        & (fill >= 0)
        & (fill <= 6)
        & (data[marks[:, 5] + 2] == _STAR)
    )
    codes, senders = _senders(data, head, marks, usual)
    places = np.flatnonzero(codes >= 0)
    payloads = marks[places, 4] + 1
    characters = marks[places, 5] - payloads
    return _Lines(rows[places], data, payloads, characters, fill[places], codes[places]), senders


def _marks(sentences: Sequence[bytes]) -> tuple[NDArray[np.uint8], Numbers | None]:
    """The sentences in one buffer, and where the marks of each stand; None when one has not as many as it should."""
    text = b"\n".join(sentences) + b"\n" + bytes(max(WIDTHS))
    data = np.frombuffer(text, np.uint8)
    ends = data == _LINE_END
    places = np.flatnonzero((data == _COMMA) | ends)
    if len(places) != _MARKS * len(sentences) or np.count_nonzero(ends) != len(sentences):
        return data, None
    marks = places.reshape(-1, _MARKS)
    return data, marks if ends[marks[:, 6]].all() else None


def _eight_bytes(data: NDArray[np.uint8], starts: Numbers) -> Numbers:
    """The eight bytes from each of `starts`, the first one highest."""
    windows = np.ndarray((len(data) - 7,), ">i8", data, strides=(1,))
    return windows[starts].astype(np.int64)


def _senders(data: NDArray[np.uint8], head: Numbers, marks: Numbers, usual: Mask) -> tuple[Numbers, list[Sender]]:
    """For each line its place in the list of senders, -1 for lines of another form."""
    letters = marks[:, 4] - marks[:, 3] - 1
    channel = _eight_bytes(data, marks[:, 3] + 1) >> 8 * (8 - np.minimum(letters, 2))
    keys = (head >> 16 & 0xFFFFFFFFFF) << 16 | np.where(letters > 0, channel, 0)
    open_ = usual & (letters <= 2)
    codes = np.full(len(keys), -1, np.int64)
    senders: list[Sender] = []
    for _ in range(SENDERS):
        first = int(open_.argmax())
        if not open_[first]:
            break
        same = keys == keys[first]
        text = bytes(data[marks[first, 0] - 6 : marks[first, 0]]), bytes(data[marks[first, 3] + 1 : marks[first, 4]])
        sender = sender_of(text[0].decode("latin-1"), text[1].decode("latin-1"))
        if sender is not None:
            codes[open_ & same] = len(senders)
            senders.append(sender)
        open_ = open_ & ~same
    return codes, senders


def _unarmoured(lines: _Lines, places: Numbers, width: int) -> PayloadColumns:
    """The payloads at `places`, without those that have characters outside the armour."""
    characters = lines.characters[places]
    windows = np.ndarray((len(lines.data) - width + 1,), f"V{width}", lines.data, strides=(1,))
    armoured = windows[lines.payloads[places]].view(np.uint8).reshape(-1, width)
    six = armoured - 48
    upper = six >= 48
    outside = (six >= 40) & ~upper | (six >= 72)
    six -= upper.view(np.uint8) << 3
    inside = np.arange(width, dtype=np.uint8) < characters.astype(np.uint8)[:, None]
    six *= inside
    armoured *= inside
    sound = ~(outside & inside).any(axis=1)
    texts = armoured.view(f"S{width}").reshape(-1)
    if not sound.all():
        places, six, characters, texts = places[sound], six[sound], characters[sound], texts[sound]
    lengths = characters * 6 - lines.fills[places]
    return PayloadColumns(lines.rows[places], texts, six, _words(six), lengths, lines.senders[places])


def _words(six: NDArray[np.uint8]) -> Numbers:
    """Eight characters a word, the words of a payload below each other."""
    eights = six.view(">i8").T.astype(np.int64)
    twelves = (eights & 0x3F003F003F003F00) >> 2 | eights & 0x003F003F003F003F
    wide = (twelves & 0x0FFF00000FFF0000) >> 4 | twelves & 0x00000FFF00000FFF
    return np.ascontiguousarray(wide >> 32 << 24 | wide & 0xFFFFFF)
