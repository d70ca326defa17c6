"""Which payloads of a chunk have the same layout and length, so that their fields stand in the same bits."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.decoder import network, reports
from services.decoder.cells import Cell
from services.decoder.fields import Field
from services.decoder.layout import HEAD, SHORTEST, Layout
from services.decoder.layouts import AUXILIARY_CRAFT, BY_TYPE, STATIC_PARTS, UNADDRESSED_BITS
from services.decoder.lines import plan
from services.decoder.payload_columns import WIDTHS, Numbers, PayloadColumns
from services.decoder.rules import EXTENSION_CHARACTERS, EXTENSION_OFFSET

FEWEST = 40  # payloads; making the columns of a group costs as much as reading some forty one by one

_PART = Field("part", 38, 2)
_STATIC_TYPE, _ADDRESSED_TYPE = 24, 6
_LENGTHS = max(WIDTHS) * 6 + 1


@dataclass(frozen=True)
class Group:
    """Payloads of one layout; `cells` make their lines."""

    layout: Layout
    cells: tuple[Cell, ...]
    payloads: PayloadColumns


def _end(layout: Layout) -> int:
    """From how many bits on a longer message says no more."""
    extension = EXTENSION_OFFSET + EXTENSION_CHARACTERS * 6 if layout is reports.ATON else 0
    return max(extension, *(field.end for field in layout.fields))


def _layouts() -> tuple[Layout, ...]:
    """Those that have a column form."""
    return tuple(
        dict.fromkeys(
            one for one in (*BY_TYPE.values(), *STATIC_PARTS, network.ADDRESSED_BINARY) if plan(one, _end(one))
        )
    )


_LAYOUTS = _layouts()
_NONE = len(_LAYOUTS)
_PLACE = {one: place for place, one in enumerate(_LAYOUTS)}
_OF_TYPE = np.array([_PLACE.get(BY_TYPE[number], _NONE) if number in BY_TYPE else _NONE for number in range(64)])
_ADDRESSED = _PLACE[network.ADDRESSED_BINARY]
_OF_PART = np.array([_PLACE.get(one, _NONE) for one in STATIC_PARTS])
_ENDS = np.array([*map(_end, _LAYOUTS), 0])
_REQUIRED = np.array([*(one.required for one in _LAYOUTS), _LENGTHS])


def groups(payloads: PayloadColumns) -> Iterator[Group]:
    """The payloads that can be read in columns, those of one layout and length together and in their order."""
    places = _layout_places(payloads)
    lengths = np.minimum(payloads.lengths, _ENDS[places])
    keys = np.where(payloads.lengths >= _REQUIRED[places], places * _LENGTHS + lengths, -1).astype(np.int16)
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    begins = [0, *(np.flatnonzero(np.diff(sorted_keys)) + 1).tolist(), len(order)]
    for begin, end in pairwise(begins):
        key = int(sorted_keys[begin]) if end > begin else -1
        if key < 0 or end - begin < FEWEST:
            continue
        layout = _LAYOUTS[key // _LENGTHS]
        cells = plan(layout, key % _LENGTHS)
        if cells is not None:
            yield Group(layout, cells, payloads if end - begin == len(order) else payloads.take(order[begin:end]))


def _layout_places(payloads: PayloadColumns) -> NDArray[np.int64]:
    types = payloads.number(0, 6)
    places = _OF_TYPE[types]
    places[(types == _ADDRESSED_TYPE) & (payloads.lengths > UNADDRESSED_BITS)] = _ADDRESSED
    static = np.flatnonzero((types == _STATIC_TYPE) & (payloads.lengths >= SHORTEST))
    if len(static):
        places[static] = _static_places(payloads.number(_PART.offset, _PART.width)[static], _mmsi(payloads)[static])
    return places


def _static_places(part: Numbers, mmsi: Numbers) -> NDArray[np.int64]:
    auxiliary = (part == 1) & (mmsi >= AUXILIARY_CRAFT.start) & (mmsi < AUXILIARY_CRAFT.stop)
    return np.where(part > 1, _NONE, _OF_PART[np.where(auxiliary, 2, np.minimum(part, 1))])


def _mmsi(payloads: PayloadColumns) -> Numbers:
    return payloads.number(HEAD[1].offset, HEAD[1].width)
