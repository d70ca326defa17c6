"""Raw records of the usual form as columns: what the hot path hands on instead of one object a record.

A row is a raw record with one whole, sound sentence. Its JSON is three texts put together, so that it costs a join to write:

    {"kind":"raw","source":"coastal.denmark",…,"time_source":"tag_block","sentences":["!AIVDM,1,1,,A,…"],"tag_block":"c:…"}
                  envelope                                                            sentence                        tag block

The envelope goes on into the decoded record as it is.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, repeat

import msgspec
from msgspec import Struct

from fairway import records
from fairway.records import Raw

_BEFORE, _BETWEEN, _BEFORE_BLOCK = b'{"kind":"raw",', b',"sentences":["', b'"],"tag_block":"'
_AFTER, _AFTER_BLOCK = b'"]}\n', b'"}\n'


class RawBlock(Struct, frozen=True, gc=False):
    """Columns of equal length, in the order in which the records came in.

    `envelopes` are JSON members from "source" to "time_source" or "time_shift", without braces (see `envelope`); rows that
    share one share the object. `sentences` are one whole VDM or VDO each, or all parts of one with `","` between them, otherwise
    printable ASCII without quotation marks and backslashes, checksums verified. `tag_blocks` are texts as JSON has them between
    its quotation marks, empty for none.
    """

    envelopes: Sequence[bytes]
    sentences: Sequence[bytes]
    tag_blocks: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.sentences)

    def part(self, start: int, end: int) -> "RawBlock":
        """Rows `start` up to `end`."""
        if start == 0 and end >= len(self):
            return self
        return RawBlock(self.envelopes[start:end], self.sentences[start:end], self.tag_blocks[start:end])

    def encode(self) -> bytes:
        """As NDJSON, the same that records.encode makes of `raws()`."""
        envelopes, sentences, blocks = self.envelopes, self.sentences, self.tag_blocks
        if not sentences:
            return b""
        after, after_block = _AFTER + _BEFORE, _AFTER_BLOCK + _BEFORE
        columns: tuple[Iterable[bytes], ...] = envelopes, repeat(_BETWEEN), sentences
        if all(blocks):
            columns += repeat(_BEFORE_BLOCK), blocks, repeat(after_block)
        elif any(blocks):
            befores = [_BEFORE_BLOCK if block else b"" for block in blocks]
            columns += befores, blocks, [after_block if block else after for block in blocks]
        elif envelopes.count(envelopes[0]) < len(sentences):
            columns += (repeat(after),)
        else:
            before = _BEFORE + envelopes[0] + _BETWEEN
            pieces = [before + sentences[0], *sentences[1:]]
            pieces[-1] += _AFTER
            return (_AFTER + before).join(pieces)  # the bytes of a batch are copied once
        pieces = [_BEFORE, *chain.from_iterable(zip(*columns, strict=False))]  # some have no end
        pieces[-1] = pieces[-1][: -len(_BEFORE)]
        return b"".join(pieces)

    def raws(self) -> list[Raw]:
        """The rows as records, for those who look into them."""
        return records.decode_raw(self.encode())


def envelope(
    source: str,
    station: str | None,
    event_time: str,
    received_at: str,
    time_source: str,
    time_shift: float | None = None,
) -> bytes:
    """The JSON members that every record of this origin and time begins with: those of `origin`, then those that say when."""
    told: dict[str, str | float] = {"event_time": event_time, "received_at": received_at, "time_source": time_source}
    if time_shift is not None:
        told["time_shift"] = time_shift
    return origin(source, station) + b"," + msgspec.json.encode(told)[1:-1]


@lru_cache(maxsize=4096)  # a feed has some hundred stations
def origin(source: str, station: str | None) -> bytes:
    """The members that say where a record came from."""
    members = _member("source", source)
    return members if station is None else members + b"," + _member("station", station)


def _member(name: str, value: str) -> bytes:
    return b'"' + name.encode() + b'":' + msgspec.json.encode(value)
