"""What keys.c is, with dictionaries: where no compiler was at hand."""

from itertools import accumulate, repeat

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


def group(keys: Numbers, distinct: Numbers, which: Numbers, order: Numbers, ends: Numbers) -> tuple[int, int]:
    """See keys.pyi."""
    rows_of: dict[int, list[int]] = {}
    for row, key in enumerate(keys.tolist()):
        rows_of.setdefault(key, []).append(row)
    rounds: list[list[int]] = [[] for _ in range(max(map(len, rows_of.values()), default=0))]
    for number, rows in enumerate(rows_of.values()):
        which[rows] = number
        for place, row in enumerate(rows):
            rounds[place].append(row)
    distinct[: len(rows_of)] = list(rows_of)
    order[:] = [row for some in rounds for row in sorted(some)]
    ends[: len(rounds)] = list(accumulate(map(len, rounds)))
    return len(rows_of), len(rounds)
