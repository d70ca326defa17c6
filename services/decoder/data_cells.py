"""The data of an application as columns of JSON: hex and number of bits in one go, what it says one by one.

Content has hundreds of forms, and few messages have any: it is read as `applications` reads it, out of the bits that are
already there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from services.decoder.applications import catalogue
from services.decoder.applications.reading import read_content
from services.decoder.applications.rule import ContentFrom
from services.decoder.bits import Bits
from services.decoder.cells import Columns, Piece, Span, table
from services.decoder.payload_columns import Numbers

Bytes = NDArray[np.uint8]

_HEX = np.array([b"%02x" % number for number in range(256)], "S2").view(np.uint16)
_BITS = table([b',"bits":%d' % number for number in range(1024)])
_BEGIN, _END = table([b"", b',"data":"']), table([b"", b'"'])


@dataclass(frozen=True)
class Data:
    """The bits from `offset` to the end, and what application `content` finds in them by area code and function."""

    offset: int
    content: ContentFrom | None = None
    application: tuple[Span, ...] = ()  # where area code and function stand

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        widths = np.maximum(columns.payloads.lengths - self.offset, 0)
        data = _packed(columns.payloads.six, self.offset, widths)
        some = (widths > 0).astype(np.int64)
        yield _BEGIN[some]
        if data.shape[1]:
            yield _hex(data, widths)
        yield _END[some]
        yield _BITS[widths]
        if self.content:
            yield self._contents(columns, self.content, data, widths)

    def _contents(self, columns: Columns, content: ContentFrom, data: Bytes, widths: Numbers) -> Piece:
        codes = (columns.payloads.number(*span).tolist() for span in self.application)
        rows = enumerate(zip(*codes, widths.tolist(), strict=True))
        return table([_content(columns, content, row, dac, fid, data, width) for row, (dac, fid, width) in rows])


def _content(columns: Columns, rule: ContentFrom, row: int, dac: int, fid: int, data: Bytes, width: int) -> bytes:
    application = catalogue.find(rule.message, dac, fid, width)
    if application is None:
        return b""
    value = int.from_bytes(data[row, : (width + 7) // 8].tobytes(), "big") >> (-width & 7)
    content, cut = read_content(application, Bits(value, width))
    if cut:  # the names go before the data, where this cell does not write
        columns.unsure.append(row)
        return b""
    name = b',"application":%b' % msgspec.json.encode(application.name)
    return name + b',"content":%b' % msgspec.json.encode(content) if content else name


def _packed(six: Bytes, offset: int, widths: Numbers) -> Bytes:
    """`widths` bits from `offset`, one row a payload, zeros behind."""
    rows, characters = six.shape
    bits = np.unpackbits(six, axis=1).reshape(rows, characters, 8)[:, :, 2:].reshape(rows, -1)
    most = int(widths.max())
    bits = bits[:, offset : offset + most]
    return np.packbits(bits * (np.arange(most) < widths[:, None]), axis=1)


def _hex(data: Bytes, widths: Numbers) -> Piece:
    there = np.arange(data.shape[1]) < ((widths + 7) // 8)[:, None]
    pairs = np.ascontiguousarray(_HEX[data] * there)
    return pairs.view(f"V{pairs.shape[1] * 2}").reshape(-1)
