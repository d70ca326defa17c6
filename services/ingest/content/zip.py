"""The files of a zip archive, in the order of its directory, each checked by its sum."""

import zipfile
import zlib
from collections.abc import Callable, Iterator

from services.ingest.content.compressed import bunzip, inflate, unxz, unzstd
from services.ingest.content.flow import Damaged, FileFlow, Flow, pieces_of

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")  # the second is an empty archive's
METHODS: dict[int, Callable[[Flow], Iterator[bytes]]] = {
    0: iter,  # stored as it is
    8: inflate,
    12: bunzip,
    93: unzstd,
    95: unxz,
}
LOCAL_HEADER_BYTES = 30


def members(archive: FileFlow) -> Iterator[tuple[str, Flow]]:
    """Name and bytes of each file; to be read before the next is asked for. Raises Damaged."""
    try:
        entries = zipfile.ZipFile(archive.file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Damaged(f"it has no directory that can be read ({error})") from None
    for entry in entries:
        if entry.filename and not entry.is_dir():
            yield entry.filename, Flow(_unpacked(archive, entry))


def _unpacked(archive: FileFlow, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Not by zipfile's own reader: that unpacks bzip2 and lzma without a bound."""
    if entry.flag_bits & 1:
        raise Damaged(f"{entry.filename} is encrypted")
    unpack = METHODS.get(entry.compress_type)
    if unpack is None:
        raise Damaged(f"{entry.filename} is compressed by method {entry.compress_type}, which is not known here")
    archive.file.seek(max(0, entry.header_offset))
    header = archive.file.read(LOCAL_HEADER_BYTES)
    if len(header) < LOCAL_HEADER_BYTES or not header.startswith(MAGIC[0]):
        raise Damaged(f"{entry.filename} is not where the directory says")
    archive.file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    packed = Flow(pieces_of(archive.file, archive.read_bytes, entry.compress_size))
    sum_ = 0
    for piece in unpack(packed):
        sum_ = zlib.crc32(piece, sum_)
        yield piece
    if sum_ != entry.CRC:
        raise Damaged(f"the checksum of {entry.filename} does not match")
