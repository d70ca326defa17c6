"""What follows an address: `tcp://host:port?silence=30`, or the other keys of a source in the YAML file."""

import difflib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fairway.errors import BadSetting

T = TypeVar("T")
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


class Options:
    """The options of one source. Each is taken once; `end` complains of what nobody took."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values = dict(values)
        self._where = where
        self._known: list[str] = []

    def take(self, name: str, convert: Callable[[Any], T], default: T) -> T:
        """The option as `convert` makes it, which raises ValueError or TypeError for what it cannot use. Raises BadSetting."""
        self._known.append(name)
        if name not in self._values:
            return default
        value = self._values.pop(name)
        try:
            return convert(value)
        except (ValueError, TypeError) as error:
            raise BadSetting(f"{name} of {self._where} is not right (it is {value!r}): {error}") from None

    def end(self) -> None:
        """Raises BadSetting when an option is left, naming the nearest known one."""
        for name in self._values:
            nearest = difflib.get_close_matches(name, self._known, n=1, cutoff=0.5)
            hint = f"; did you mean {nearest[0]}?" if nearest else f"; it has {', '.join(sorted(self._known))}"
            raise BadSetting(f"{self._where} has no option {name}{hint}")


def yes_or_no(value: Any) -> bool:
    """Raises ValueError."""
    text = str(value).lower()
    if text not in YES + NO:
        raise ValueError("write yes or no")
    return text in YES


def seconds(value: Any) -> float:
    """Raises ValueError."""
    number = float(value)
    if not 0 < number < float("inf"):
        raise ValueError("it must be a number of seconds above 0")
    return number


def whole_number(least: int, most: int) -> Callable[[Any], int]:
    """A conversion that raises ValueError outside least to most."""

    def convert(value: Any) -> int:
        number = int(value)
        if not least <= number <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}")
        return number

    return convert


def words(value: Any) -> tuple[str, ...]:
    """Of `a,b,c`, or of a list. Raises ValueError."""
    given = value if isinstance(value, list) else str(value).split(",")
    found = tuple(str(each).strip() for each in given)
    if not all(found):
        raise ValueError("write words with commas between, or a list")
    return found
