"""Raw records as columns for decoding, from a message body or from records, and the way back to one record.

Almost every body is written by RawBlock.encode or records.encode, of lines that are all alike but for the sentence. Such a
body is cut at what is between two sentences, which costs a tenth of parsing it. Whatever looks different in any way is parsed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
import numpy as np

from fairway import records
from fairway.raw_block import RawBlock, envelope
from fairway.records import Raw
from services.decoder.payload import join

LONGEST_ENVELOPE = 1024  # bytes; bounds what the cache of known envelopes holds

_KIND, _SENTENCES = b'{"kind":"raw",', b',"sentences":["'
_END = b'"]}'
_TEXT = rb'"[ !#-\[\]-~]*"'
_ENVELOPE = re.compile(
    rb'"source":%b(,"station":%b)?,"event_time":%b,"received_at":%b,"time_source":%b(,"time_shift":-?(0|[1-9]\d{0,8})\.\d{1,9})?'
    % ((_TEXT,) * 5)
)
_BLOCK = re.compile(rb',"tag_block":%b\}' % _TEXT)
_PLAIN = bytes(sorted({*range(0x20, 0x7F)} - {*b'"\\'}))


@dataclass(frozen=True)
class RawRows:
    """Columns of equal length. `originals` are the records, or their lines, of those that are more than that.

    A row that has several sentences stands there with one that has the payload of all, or none.
    """

    envelopes: Sequence[bytes]
    sentences: Sequence[bytes]
    originals: Mapping[int, Raw | bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.sentences)

    def part(self, start: int, end: int) -> "RawRows":
        """Rows `start` up to `end`, or to the last one."""
        if start == 0 and end >= len(self):
            return self
        originals = {row - start: original for row, original in self.originals.items() if start <= row < end}
        return RawRows(self.envelopes[start:end], self.sentences[start:end], originals)

    def raws(self, rows: Sequence[int]) -> list[Raw]:
        """The records of some rows. Those that came in columns come back without tag block: decoding never asks for it."""
        columns = [row for row in rows if row not in self.originals]
        block = RawBlock(
            [self.envelopes[row] for row in columns], [self.sentences[row] for row in columns], [b""] * len(columns)
        )
        known = dict(zip(columns, block.raws() if columns else [], strict=True))
        return [known.get(row) or _record(self.originals[row]) for row in rows]


def _record(original: Raw | bytes) -> Raw:
    return original if isinstance(original, Raw) else records.decode_raw(original)[0]


def joined(parts: Sequence[RawRows]) -> RawRows:
    """The rows of all parts, one behind the other."""
    if len(parts) == 1:
        return parts[0]
    columns = _Columns()
    for part in parts:
        before = len(columns.sentences)
        columns.envelopes += part.envelopes
        columns.sentences += part.sentences
        columns.originals.update((before + row, original) for row, original in part.originals.items())
    return columns.rows()


def from_records(rows: Sequence[Raw | RawBlock]) -> RawRows:
    """The rows, those of a block one by one."""
    if len(rows) == 1 and isinstance(rows[0], RawBlock):
        return RawRows(rows[0].envelopes, rows[0].sentences)
    columns = _Columns()
    for row in rows:
        if isinstance(row, RawBlock):
            columns.envelopes += row.envelopes
            columns.sentences += row.sentences
        else:
            columns.add(_envelope_of(row), row)
    return columns.rows()


def from_body(body: bytes) -> RawRows:
    """The records of a message body. Raises msgspec.MsgspecError when a line is not a raw record."""
    return _cut(body) or from_records(records.decode_raw(body))


@dataclass
class _Columns:
    envelopes: list[bytes] = field(default_factory=list)
    sentences: list[bytes] = field(default_factory=list)
    originals: dict[int, Raw | bytes] = field(default_factory=dict)

    def add(self, members: bytes, raw: Raw) -> None:
        sentence = _one_part(raw)
        self._add(members, b"" if sentence.translate(None, _PLAIN) else sentence, raw)

    def add_line(self, members: bytes, line: bytes, sentences: bytes) -> bool:
        """A line whose sentences, as JSON between the outermost quotation marks, are several. False when it is no record."""
        parts = sentences.split(b'","')
        if len(parts) > 1 and not b"".join(parts).translate(None, _PLAIN):
            self._add(members, _joined(parts), line)
            return True
        try:
            (raw,) = records.decode_raw(line)
        except (msgspec.MsgspecError, ValueError):
            return False
        self.add(members, raw)
        return True

    def _add(self, members: bytes, sentence: bytes, original: Raw | bytes) -> None:
        self.originals[len(self.sentences)] = original
        self.envelopes.append(members)
        self.sentences.append(sentence)

    def extend(self, members: bytes, sentences: Sequence[bytes]) -> None:
        """Rows of one envelope."""
        self.envelopes += [members] * len(sentences)
        self.sentences += sentences

    def rows(self) -> RawRows:
        return RawRows(self.envelopes, self.sentences, self.originals)


def _envelope_of(raw: Raw) -> bytes:
    return envelope(raw.source, raw.station, raw.event_time, raw.received_at, raw.time_source, raw.time_shift)


def _one_part(raw: Raw) -> bytes:
    """The record's sentence; of several sentences, one that carries the whole payload; nothing when there is none."""
    if raw.defect is not None:
        return b""
    if len(raw.sentences) == 1:
        return raw.sentences[0].encode() if raw.sentences[0].isascii() else b""
    payload = join(raw.sentences)
    if isinstance(payload, str):
        return b""
    form = b"VDO" if payload.own_ship else b"VDM"
    channel = (payload.channel or "").encode()
    return b"!%b%b,1,1,,%b,%b,%d*" % (payload.talker.encode(), form, channel, payload.text, payload.fill)


def _cut(body: bytes) -> RawRows | None:
    """The rows of a body of the usual form; None when it is not, or not surely."""
    envelope_, found, _rest = body[len(_KIND) :].partition(_SENTENCES)
    *lines, end = body.split(b"\n")
    if not (found and body.startswith(_KIND) and not end and is_envelope(envelope_)):
        return None
    columns = _Columns()
    before = _KIND + envelope_ + _SENTENCES
    begin, behind = len(before), -len(_END)
    sentences = [line[begin:behind] for line in lines]
    if before + (_END + b"\n" + before).join(sentences) + _END + end == body[:-1]:
        sound = _cut_alike(columns, envelope_, lines, sentences)
    else:
        sound = _cut_each(columns, lines)
    rows = columns.rows()
    return rows if sound and _is_plain(rows.sentences) else None


def _cut_alike(columns: _Columns, members: bytes, lines: Sequence[bytes], sentences: Sequence[bytes]) -> bool:
    """Lines of one envelope, without tag blocks. False when one of them is not of the usual form."""
    done = 0
    several = [place for place, sentence in enumerate(sentences) if b'"' in sentence]  # or something odd
    for place in several:
        columns.extend(members, sentences[done:place])
        if not columns.add_line(members, lines[place], sentences[place]):
            return False
        done = place + 1
    columns.extend(members, sentences[done:])
    return True


def _cut_each(columns: _Columns, lines: Sequence[bytes]) -> bool:
    """Lines of any envelopes. False when one of them is not of the usual form."""
    members = before = b""
    for line in lines:
        if not (before and line.startswith(before)):
            members, found, _rest = line[len(_KIND) :].partition(_SENTENCES)
            before = _KIND + members + _SENTENCES
            if not (found and line.startswith(_KIND) and is_envelope(members)):
                return False
        sentence, found, block = line[len(before) :].partition(b'"]')
        usual = found and (block == b"}" or _BLOCK.fullmatch(block))
        if not (usual and b'"' not in sentence):
            if not columns.add_line(members, line, sentence if usual else b""):
                return False
        else:
            columns.envelopes.append(members)
            columns.sentences.append(sentence)
    return True


def _joined(parts: Sequence[bytes]) -> bytes:
    """One sentence with the payload of all parts, as payload.join joins them; nothing when they are not surely parts."""
    fields = [part.split(b",") for part in parts]
    count = b"%d" % len(parts)
    for number, part in enumerate(fields, 1):
        if len(part) != 7 or part[1] != count or part[2] != b"%d" % number:
            return b""
    channel = next((part[4] for part in fields if part[4]), b"")
    return b"%b,1,1,,%b,%b,%b" % (fields[0][0], channel, b"".join([part[5] for part in fields]), fields[-1][6])


def _is_plain(sentences: Sequence[bytes]) -> bool:
    """Whether there are no quotation marks, no backslashes, and nothing else than printable ASCII."""
    data = np.frombuffer(b"".join(sentences), np.uint8)
    return not ((data == 0x22) | (data == 0x5C) | (data - 0x20 > 0x5E)).any()


def is_envelope(members: bytes) -> bool:
    """Whether these are the members from "source" to the last one of an envelope, just as we write them."""
    return len(members) <= LONGEST_ENVELOPE and _is_envelope(members)


@lru_cache(maxsize=4096)  # a feed says the same second, or receipt, many times
def _is_envelope(members: bytes) -> bool:
    return _ENVELOPE.fullmatch(members) is not None
