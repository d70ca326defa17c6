"""The application's bits as a provider writes them, made ours: hex, padded with zero bits to whole bytes."""

from base64 import b64decode
from binascii import Error

LONGEST_DATA = 8_192  # characters; the longest payload has 1,064 bits, which some write as a character or byte each
Data = dict[str, object]


def bits_of_hex(text: str) -> Data:
    """`48:eb2f118f7ff1`, how many bits and the bits; or the bits alone. Empty when it is neither."""
    count, _, digits = text.rpartition(":")
    bits = int(count) if count.isdigit() and len(count) < 5 else len(digits) * 4
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return {}
    size = (bits + 7) // 8
    if not data or not 0 < size <= len(data) or len(text) > LONGEST_DATA:
        return {}
    return {"data": data[:size].hex(), "bits": bits}


def bits_of_bytes(text: str) -> Data:
    """A byte for each bit, as characters U+0000 and U+0001 or in base64. Empty when it is neither."""
    if not text or len(text) > LONGEST_DATA:
        return {}
    each = text.encode("utf-8") if text.strip("\x00\x01") == "" else _of_base64(text)
    if not each or each.strip(b"\x00\x01"):
        return {}
    bits = len(each)
    size = (bits + 7) // 8
    number = int(each.translate(_DIGITS), 2) << (size * 8 - bits)
    return {"data": number.to_bytes(size, "big").hex(), "bits": bits}


_DIGITS = bytes.maketrans(b"\x00\x01", b"01")


def _of_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        return b""
