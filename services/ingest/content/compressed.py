"""gzip, bzip2, xz, lzma and Zstandard, each also as several streams after another, in bounded memory."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

import zstandard

from services.ingest.content.flow import MOST_BYTES, Damaged, Flow

GZIP = 31  # zlib's window bits for the gzip format
BARE = -15  # the same for deflated bytes without a header, as in a zip archive
MOST_DICTIONARY_BYTES = 256 << 20  # what an xz stream may ask for; `xz -9` asks for 65 MiB
STEP_BYTES = 64  # uncompressed at a time, on the way to the place that is damaged
ZSTD_FRAME = b"\x28\xb5\x2f\xfd"
ZSTD_SKIPPABLE = tuple(bytes((0x50 + low, 0x2A, 0x4D, 0x18)) for low in range(16))  # RFC 8878, 3.1.2


class _Decompressor(Protocol):
    """One compressed stream, as bz2 and lzma have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Inflater:
    """zlib with the verbs of the others. What is sound before an error is given first."""

    def __init__(self, window_bits: int) -> None:
        self._stream = zlib.decompressobj(window_bits)
        self._error: zlib.error | None = None

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not self._stream.unconsumed_tail and self._error is None

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._error is not None:
            raise self._error
        packed, before = self._stream.unconsumed_tail + data, self._stream.copy()
        try:
            return self._stream.decompress(packed, max_length)
        except zlib.error as error:  # it keeps all that it has made of `packed` for itself
            self._error = error
            return _sound(before, packed)


def _sound(stream: "zlib._Decompress", packed: bytes) -> bytes:
    """What can be unpacked before the error."""
    pieces: list[bytes] = []
    with suppress(zlib.error):
        while packed:
            pieces.append(stream.decompress(packed, STEP_BYTES))
            packed = stream.unconsumed_tail
    return b"".join(pieces)


def gunzip(packed: Flow) -> Iterator[bytes]:
    """Raises Damaged."""
    return _unpack(packed, lambda: _Inflater(GZIP))


def inflate(packed: Flow) -> Iterator[bytes]:
    """Deflated bytes without header. Raises Damaged."""
    return _unpack(packed, lambda: _Inflater(BARE))


def bunzip(packed: Flow) -> Iterator[bytes]:
    """Raises Damaged."""
    return _unpack(packed, bz2.BZ2Decompressor)


def unxz(packed: Flow) -> Iterator[bytes]:
    """xz and its forerunner lzma. Raises Damaged."""
    return _unpack(packed, lambda: lzma.LZMADecompressor(memlimit=MOST_DICTIONARY_BYTES))


def _unpack(packed: Flow, begin: Callable[[], _Decompressor]) -> Iterator[bytes]:
    """The bytes of one stream or several after each other, as far as they are sound; Damaged after that."""
    stream: _Decompressor | None = None
    data = b""
    while True:
        if stream is None:
            while not (data := data.lstrip(b"\0")):  # tapes and some tools pad with zeros
                data = packed.read()
                if not data:
                    return
            stream = begin()
        elif stream.needs_input and not data:
            data = packed.read()
            if not data:
                raise Damaged("the end is missing")
        try:
            piece = stream.decompress(data, MOST_BYTES)
        except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
            raise Damaged(str(error)) from None
        yield piece
        data = b""
        if stream.eof:
            data, stream = stream.unused_data, None


def unzstd(packed: Flow) -> Iterator[bytes]:
    """Zstandard frames. They are fed a block at a time: no block has more than 128 KiB, while a frame may have any size."""
    while magic := packed.take(4):
        if magic in ZSTD_SKIPPABLE:
            packed.skip(int.from_bytes(_exactly(packed, 4), "little"))
        elif magic == ZSTD_FRAME:
            yield from _frame(packed)
        elif magic.strip(b"\0"):
            raise Damaged("something that is not Zstandard follows")


def _frame(packed: Flow) -> Iterator[bytes]:
    frame = zstandard.ZstdDecompressor().decompressobj()
    try:
        descriptor = _exactly(packed, 1)
        yield frame.decompress(ZSTD_FRAME + descriptor + _exactly(packed, _header_rest(descriptor[0])))
        is_last = False
        while not is_last:
            header = _exactly(packed, 3)  # RFC 8878, 3.1.1.2: last block, type, size
            word = int.from_bytes(header, "little")
            is_last, kind, size = bool(word & 1), word >> 1 & 3, word >> 3
            yield frame.decompress(header + _exactly(packed, 1 if kind == 1 else size))
        if descriptor[0] & 4:
            yield frame.decompress(_exactly(packed, 4))  # the checksum of the content
    except zstandard.ZstdError as error:
        raise Damaged(str(error)) from None


def _header_rest(descriptor: int) -> int:
    """How many bytes of the frame's header follow the descriptor (RFC 8878, 3.1.1.1)."""
    is_single = descriptor >> 5 & 1
    content_size = (is_single, 2, 4, 8)[descriptor >> 6]
    return (1 - is_single) + (0, 1, 2, 4)[descriptor & 3] + content_size


def _exactly(packed: Flow, count: int) -> bytes:
    data = packed.take(count)
    if len(data) < count:
        raise Damaged("the end is missing")
    return data
