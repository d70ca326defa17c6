"""The printer with its layouts: which program a message has is chosen there, what a program is made of is said here."""

from functools import lru_cache

from services.decoder import network, reports
from services.decoder.layout import Layout
from services.decoder.layouts import AUXILIARY_CRAFT, BY_TYPE, STATIC_PARTS
from services.decoder.lines import plan
from services.decoder.rules import EXTENSION_CHARACTERS, EXTENSION_OFFSET

try:
    from services.decoder import printer
except ImportError:  # no compiler was at hand: one by one, and slower
    printer = None  # type: ignore[assignment]

_NONE = -1


def _end(layout: Layout) -> int:
    """From how many bits on a longer message says no more, but for data."""
    extension = EXTENSION_OFFSET + EXTENSION_CHARACTERS * 6 if layout is reports.ATON else 0
    return max(extension, layout.required, *(field.end for field in layout.fields))


_CHOSEN = *BY_TYPE.values(), *STATIC_PARTS, network.ADDRESSED_BINARY


@lru_cache(maxsize=1)
def _layouts() -> tuple[Layout, ...]:
    """Those that have cells."""
    return tuple(layout for layout in dict.fromkeys(_CHOSEN) if plan(layout, _end(layout)))


def make_printer() -> "printer.Printer | None":
    """A printer for all layouts that have cells; None where none was compiled."""
    if printer is None:
        return None
    layouts = _layouts()
    places = {layout: place for place, layout in enumerate(layouts)}
    return printer.Printer(
        tuple((layout.required, _end(layout)) for layout in layouts),
        tuple(places.get(BY_TYPE[number], _NONE) if number in BY_TYPE else _NONE for number in range(64)),
        places[network.ADDRESSED_BINARY],
        tuple(places[layout] for layout in STATIC_PARTS),
        AUXILIARY_CRAFT.start,
        AUXILIARY_CRAFT.stop,
        _program,
    )


def _program(place: int, length: int) -> "printer.Program | None":
    cells = plan(_layouts()[place], length)
    return printer.Program(length, cells) if cells else None
