"""From a file to the streams of lines in it: what it is packed in is seen by the first bytes of each layer.

day.nmea                one stream
day.nmea.gz .bz2 .xz .lzma .zst    one stream
month.tar.gz, year.zip  a stream for each file in it, which may be compressed in turn
"""

import codecs
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from services.ingest.content import tar, zip
from services.ingest.content.compressed import ZSTD_FRAME, ZSTD_SKIPPABLE, bunzip, gunzip, unxz, unzstd
from services.ingest.content.flow import FileFlow, Flow, failing

COMPRESSIONS: tuple[tuple[tuple[bytes, ...], Callable[[Flow], Iterator[bytes]]], ...] = (
    ((b"\x1f\x8b\x08",), gunzip),
    (tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)), bunzip),
    ((b"BZh9\x17\x72\x45\x38\x50\x90",), bunzip),  # of nothing at all
    ((b"\xfd7zXZ\x00", b"\x5d\x00\x00"), unxz),
    ((ZSTD_FRAME, *ZSTD_SKIPPABLE), unzstd),
)
PARQUET = b"PAR1"
UNREADABLE = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a rar archive",
    b"\x1f\x9d": "a file of the old `compress`",
    b"\x04\x22\x4d\x18": "an lz4 file",
}
MOST_LAYERS = 5  # such as a gzip file in a tar archive in a gzip file, and some patience
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Stream(NamedTuple):
    """Lines that belong together. `name` is what an archive calls them, or empty."""

    name: str
    flow: Flow


def streams(flow: Flow) -> Iterator[Stream]:
    """Each stream in turn, to be read before the next is asked for. Raises Damaged."""
    if flow.peek(4).startswith(zip.MAGIC) and isinstance(flow, FileFlow) and flow.file.seekable():
        for name, member in zip.members(flow):
            if not is_hidden(name):
                yield from _layers(name, member, MOST_LAYERS - 1)
        return
    yield from _layers("", flow, MOST_LAYERS)


def compression_of(start: bytes) -> bool:
    """Whether these first bytes say that what follows is compressed."""
    return any(start.startswith(magic) for magic, _ in COMPRESSIONS)


def is_hidden(name: str) -> bool:
    """Whether this member is what an operating system left there, such as .DS_Store and all in __MACOSX."""
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in PurePosixPath(name).parts)


def _layers(name: str, flow: Flow, depth: int) -> Iterator[Stream]:
    start = flow.peek(tar.BLOCK)
    why_not = _why_unreadable(start, depth)
    unpack = next((unpack for magic, unpack in COMPRESSIONS if start.startswith(magic)), None)
    if why_not:
        yield Stream(name, failing(f"{name or 'it'} is {why_not}"))
    elif unpack is not None:
        yield from _layers(name, Flow(unpack(flow)), depth - 1)
    elif tar.is_header(start):
        for member_name, member in tar.members(flow):
            if not is_hidden(member_name):
                yield from _layers(f"{name}/{member_name}".lstrip("/"), member, depth - 1)
    elif start.startswith(PARQUET):
        yield Stream(name, failing(f"{name or 'it'} is a Parquet table, which must be a file of its own"))
    else:
        yield Stream(name, _text(flow))


def _why_unreadable(start: bytes, depth: int) -> str | None:
    """Why the inside of a file, which begins with `start`, can be no stream; None when it can."""
    if start.startswith(zip.MAGIC):
        return "a zip archive, which must be a file of its own"
    if depth == 0 and (compression_of(start) or tar.is_header(start)):
        return f"packed more than {MOST_LAYERS} times"
    return next((f"{what}; unpack it first" for magic, what in UNREADABLE.items() if start.startswith(magic)), None)


def _text(flow: Flow) -> Flow:
    """Without a byte order mark; UTF-16 as UTF-8."""
    start = flow.peek(3)
    if start.startswith(codecs.BOM_UTF8):
        flow.skip(len(codecs.BOM_UTF8))
    elif start[:2] in UTF_16:
        flow.skip(2)
        return Flow(_recoded(flow, UTF_16[start[:2]]))
    return flow


def _recoded(flow: Flow, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for piece in flow:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
