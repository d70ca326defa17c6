"""The regular files of a tar archive, as they come by: ustar, GNU and pax (POSIX 1003.1, pax interchange format).

Not the standard library's reader, because that takes a header's extension into memory however large it says it is.
"""

from collections.abc import Iterator

from services.ingest.content.flow import Damaged, Flow

BLOCK = 512
REGULAR = b"\x0007"
MOST_EXTENSION_BYTES = 1 << 20  # of a long name or of pax records; larger ones are passed over


def is_header(block: bytes) -> bool:
    """Whether these 512 bytes are the header of a member: their sum is in them."""
    if len(block) < BLOCK:
        return False
    return _octal(block[148:156]) == sum(block[:148]) + 8 * 32 + sum(block[156:BLOCK]) and block.strip(b"\0") != b""


def members(archive: Flow) -> Iterator[tuple[str, Flow]]:
    """Name and bytes of each regular file; to be read before the next is asked for. Raises Damaged."""
    name, size = "", -1  # of a header before that has no room for them
    while block := archive.take(BLOCK):
        if not block.strip(b"\0"):
            return
        if not is_header(block):
            raise Damaged("a header is not sound" if len(block) == BLOCK else "the end is missing")
        kind, length = block[156:157], size if size >= 0 else _size(block[124:136])
        if kind in (b"L", b"x"):
            text = archive.take(length) if length <= MOST_EXTENSION_BYTES else b""
            name, size = (_text(text), size) if kind == b"L" else _pax(text, name, size)
            _pass(archive, length - len(text), length)
            continue
        if kind and kind in REGULAR:
            left = _Left(archive, length)
            yield name or _name(block), Flow(left.pieces())
            _pass(archive, left.count, length)
        else:
            _pass(archive, length, length)
        name, size = "", -1


class _Left:
    """How much of a member has not been read."""

    def __init__(self, archive: Flow, count: int) -> None:
        self._archive = archive
        self.count = count

    def pieces(self) -> Iterator[bytes]:
        while self.count:
            piece = self._archive.take(min(self.count, 1 << 18))
            if not piece:
                raise Damaged("the end is missing")
            self.count -= len(piece)
            yield piece


def _pass(archive: Flow, count: int, length: int) -> None:
    """Over the rest of a member, and what fills its last block."""
    if archive.skip(count):
        raise Damaged("the end is missing")
    archive.skip(-length % BLOCK)


def _name(block: bytes) -> str:
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    return "/".join(filter(None, (prefix, _text(block[:100]))))


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "replace")


def _pax(text: bytes, name: str, size: int) -> tuple[str, int]:
    """Records are `length key=value\\n`."""
    while text:
        digits = text.partition(b" ")[0]
        if not digits.isdigit() or len(digits) > 9 or not 0 < int(digits) <= len(text):
            break
        key, _, value = text[len(digits) + 1 : int(digits) - 1].partition(b"=")
        if key == b"path":
            name = _text(value)
        elif key == b"size" and value.isdigit() and len(value) < 19:
            size = int(value)
        text = text[int(digits) :]
    return name, size


def _size(field: bytes) -> int:
    if field[0] & 0x80:  # GNU: a binary number, for files of 8 GiB and more
        return int.from_bytes(field[4:], "big")
    size = _octal(field)
    if size < 0:
        raise Damaged("a header is not sound")
    return size


def _octal(field: bytes) -> int:
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        return -1
