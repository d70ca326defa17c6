"""The fields, units and forms of time that a mapping may name, and what makes values of their cells."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from math import degrees
from typing import Any

from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables import row_times
from services.ingest.formats.tables.cells import Convert, number
from services.ingest.formats.tables.columns import SYNONYMS
from services.ingest.formats.tables.etas import of_bits
from services.ingest.formats.tables.exactearth_columns import COLUMNS

MOST_NAMED = 20  # names in a sentence

FIELDS: dict[str, Convert] = {
    "mmsi": q.mmsi,
    **{field: convert for field, (convert, _) in SYNONYMS.items()},
    **{field: convert for field, _, convert in COLUMNS if "." not in field and field not in SYNONYMS},
    "msg_type": q.msg_type,
    "time": row_times.any_time,
}

_DEGREE = {"degrees": 1.0, "1/600000 degree": 1 / 600_000, "1/10000 minute": 1 / 600_000, "radians": degrees(1)}
_ANGLE = {"degrees": 1.0, "1/10 degree": 0.1, "radians": degrees(1)}
_SPEED = {"knots": 1.0, "1/10 knot": 0.1, "m/s": 3600 / 1852, "km/h": 1 / 1.852, "mph": 1.609344 / 1.852}
_METRES = {"m": 1.0, "1/10 m": 0.1, "cm": 0.01, "feet": 0.3048}
UNITS: dict[str, dict[str, float]] = {  # by field; a value in the unit, times the factor, is in the field's own
    **dict.fromkeys(("lon", "lat", "ne_lon", "ne_lat", "sw_lon", "sw_lat"), _DEGREE),
    **dict.fromkeys(("cog", "heading"), _ANGLE),
    "sog": _SPEED,
    **dict.fromkeys(("length", "width", "draught", "altitude"), _METRES),
    **dict.fromkeys(("to_bow", "to_stern", "to_port", "to_starboard"), _METRES),
    "rot": {"degrees/minute": 1.0, "degrees/second": 60.0},
}
_OTHER_FORMS: dict[tuple[str, str], Convert] = {
    ("rot", "byte"): q.rot_of_byte,
    ("turning", "byte"): q.turning_of_byte,
    ("eta", "20 bits"): of_bits,
}
TIME_FORMATS = {"any": row_times.any_time, "iso": row_times.iso} | {
    unit: row_times.epoch(unit) for unit in row_times.EPOCH_UNITS
}


def known(field: Any) -> str:
    """The field. Raises ValueError for one that no record has."""
    if field not in FIELDS:
        raise ValueError(f"{field} is not a field{nearest(str(field), FIELDS, 'fields')}")
    return str(field)


def known_time_format(text: Any) -> str:
    """The form of a time. Raises ValueError for one that is neither a name nor strptime text."""
    if text not in TIME_FORMATS and "%" not in str(text):
        raise ValueError(f"{text} is not a form of time{nearest(str(text), TIME_FORMATS, 'forms')}")
    return str(text)


@lru_cache(maxsize=512)  # so that equal mappings have equal layouts
def convert(field: str, unit: str | None, decimal: str = ".") -> Convert:
    """What makes the field's value of a cell in that unit. Raises ValueError for a unit that the field has not."""
    own = FIELDS[field]
    if decimal != "." and own is not q.text:
        with_point = convert(field, unit)
        return lambda text: with_point(text.replace(decimal, "."))
    if unit is None:
        return own
    if (field, unit) in _OTHER_FORMS:
        return _OTHER_FORMS[field, unit]
    units = UNITS.get(field, {})
    if unit not in units:
        others = [form for name, form in _OTHER_FORMS if name == field]
        raise ValueError(f"{unit} is not a unit of {field}{nearest(unit, [*units, *others], 'units')}")
    factor = units[unit]
    return own if factor == 1 else lambda text: own(f"{number(text) * factor:.9f}")


def time_convert(form: str) -> Convert:
    """What makes milliseconds since 1970 of a time of that form."""
    return TIME_FORMATS.get(form) or row_times.strptime(form)


def constant(field: str, value: Any) -> Any:
    """A value that all rows have. Raises ValueError when it is not of the field's kind."""
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    try:
        return FIELDS[field](text) if text else None
    except ValueError:
        raise ValueError(f"the constant {field} cannot be {value!r}") from None


def nearest(name: str, known: Iterable[str], what: str) -> str:
    """The end of a sentence that helps: the nearest known name, or all."""
    names = list(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]}?"
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], "…"]
    return f"; the {what} are {', '.join(names)}" if names else f"; there are no {what}"
