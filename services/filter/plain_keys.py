"""What `Keys` of keys.c is, as a dictionary: where no compiler was at hand."""

from itertools import repeat

from services.filter.reports import Numbers

_NONE = -1


class PlainKeys:
    """See keys.pyi."""

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._slots)

    def find(self, keys: Numbers, slots: Numbers) -> None:
        slots[:] = list(map(self._slots.get, keys.tolist(), repeat(_NONE)))

    def add(self, keys: Numbers, slots: Numbers) -> None:
        self._slots.update(zip(keys.tolist(), slots.tolist(), strict=True))

    def remove(self, keys: Numbers) -> None:
        for key in keys.tolist():
            self._slots.pop(key, None)
