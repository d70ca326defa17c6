"""A person's own table, explained in YAML: which column is which field, in which unit.

    # suez.yaml, for a table that begins: ID;ais_pos_timestamp;longitude;latitude;speed;boat
    columns:                     # column: field, or column: {field, unit}; columns that are not named here are left out
      ID: mmsi
      longitude: lon
      latitude: lat
      speed: {field: sog, unit: m/s}
      boat: name
    time:                        # left out: rows are dated by their receipt
      columns: [ais_pos_timestamp]        # several are joined with a space
      format: "%d/%m/%Y %H:%M"            # as for strptime; or iso, epoch_s, epoch_ms, epoch_us, epoch_ns. UTC if no zone
    constants:                   # fields that every row has
      station: suez
    delimiter: ";"               # left out: told by the header
    decimal: ","                 # left out: numbers have a point
    header: yes                  # no: the first line is a row, and `order` lists all columns
    kind: position               # or static, base_station, aton, sar_aircraft

A row becomes a record of `kind`, with `msg_type` in a column or a constant of that message's kind. What it says about the
ship (name, length, …) becomes a static record beside a position.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from fairway.errors import BadSetting
from services.ingest.formats.tables import mapping_fields as fields
from services.ingest.formats.tables.columns import plain
from services.ingest.formats.tables.kinds import BY_MESSAGE, KINDS, of_message
from services.ingest.formats.tables.layout import Layout, Reading

Constant = str | int | float | bool


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnOptions(_Part):
    """What a column holds."""

    field: Annotated[str, BeforeValidator(fields.known)] = Field(description="A field of a record")
    unit: str | None = Field(None, description="One of UNITS for the field; left out: the field's own unit")

    @model_validator(mode="after")
    def _has_a_known_unit(self) -> "ColumnOptions":
        fields.convert(self.field, self.unit)
        return self


class TimeOptions(_Part):
    """When a row was heard."""

    columns: tuple[str, ...] = Field(min_length=1, description="Columns, joined with a space")
    format: Annotated[str, BeforeValidator(fields.known_time_format)] = Field(
        "any", description="strptime text, iso, epoch_s, epoch_ms, epoch_us, epoch_ns, or any of these told by its look"
    )


def _options(value: Any) -> Any:
    return {"field": value} if isinstance(value, str) else value


def _time_options(value: Any) -> Any:
    return {"columns": [value]} if isinstance(value, str) else value


class Mapping(_Part):
    """How a table is read. Frozen; its repr says all of it."""

    columns: dict[str, Annotated[ColumnOptions, BeforeValidator(_options)]] = Field(min_length=1)
    time: Annotated[TimeOptions | None, BeforeValidator(_time_options)] = None
    constants: dict[str, Constant] = Field(default_factory=dict)
    delimiter: Literal[",", ";", "\t", "|", " "] | None = None
    decimal: Literal[".", ","] = Field(".", description="What stands before the decimals of a number")
    header: bool = True
    order: tuple[str, ...] | None = Field(None, description="All columns, when there is no header")
    kind: Literal["position", "static", "base_station", "aton", "sar_aircraft"] = "position"

    @model_validator(mode="after")
    def _is_whole(self) -> "Mapping":
        _check(self)
        return self

    def layout(self, names: Collection[str]) -> Layout | None:
        """How a table with these plain names is read; None when columns of the mapping are missing."""
        readings = [_reading(name, options, self.decimal) for name, options in self.columns.items()]
        time = _time_reading(self.time) if self.time else None
        if not {name for each in (*readings, *([time] if time else [])) for name in each.columns} <= set(names):
            return None
        constants = {name: fields.constant(name, value) for name, value in self.constants.items()}
        kind = of_message(constants["msg_type"]) if "msg_type" in constants else KINDS[self.kind]
        by_field = {reading.field: reading for reading in readings}
        message = by_field.get("msg_type")
        return Layout(
            "mapping",
            by_field.get("mmsi"),
            time,
            tuple(reading for reading in readings if reading.field not in ("mmsi", "msg_type")),
            kind,
            kind_column=message.columns[0] if message else None,
            kinds=BY_MESSAGE if message else {},
            constants={name: value for name, value in constants.items() if name != "msg_type"},
        )


def load(path: Path) -> Mapping:
    """The mapping in a file. Raises BadSetting with one sentence."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadSetting(f"the mapping {path} cannot be read: {reason}") from None


def parse(text: str, name: str) -> Mapping:
    """The mapping in a YAML text; `name` is for sentences. Raises BadSetting."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "it"
        raise BadSetting(
            f"the mapping {name}: {where} is not YAML: {getattr(error, 'problem', None) or error}"
        ) from None
    if not isinstance(document, dict):
        raise BadSetting(f"the mapping {name} must begin with `columns:` and the columns under it")
    try:
        return Mapping.model_validate(document)
    except ValidationError as error:
        raise BadSetting(f"the mapping {name}: {_sentence(error)}") from None


def _time_reading(time: TimeOptions) -> Reading:
    return Reading("time", tuple(map(plain, time.columns)), fields.time_convert(time.format))


def _reading(column: str, options: ColumnOptions, decimal: str) -> Reading:
    return Reading(options.field, (plain(column),), fields.convert(options.field, options.unit, decimal))


def _check(mapping: Mapping) -> None:
    """Raises ValueError with a sentence for what no single option shows."""
    given = {options.field for options in mapping.columns.values()} | set(mapping.constants)
    for name, value in mapping.constants.items():
        fields.constant(fields.known(name), value)
    if "time" in given:
        raise ValueError("put the time under `time:`, not under columns or constants")
    if "mmsi" not in given:
        raise ValueError("no column and no constant is mmsi")
    if ("lon" in given) != ("lat" in given):
        raise ValueError("of lon and lat there is only one")
    if mapping.header == (mapping.order is not None):
        raise ValueError("`order` goes with `header: no`, and lists all columns")
    named = [*mapping.columns, *(mapping.time.columns if mapping.time else ())]
    missing = [name for name in named if mapping.order is not None and name not in mapping.order]
    if missing:
        raise ValueError(f"{missing[0]} is not in `order`")


def _sentence(error: ValidationError) -> str:
    first = min(
        error.errors(), key=lambda each: each["type"] != "extra_forbidden"
    )  # it explains why another is missing
    path = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        known = {1: Mapping.model_fields, 2: TimeOptions.model_fields, 3: ColumnOptions.model_fields}[len(first["loc"])]
        return f"{path} is not an option{fields.nearest(str(first['loc'][-1]), known, 'options')}"
    return f"{path}: {message[0].lower()}{message[1:]}" if path else message
