"""Finds records by what they are, who sent them and who heard them."""

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from re import fullmatch
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from fairway.columns import NO_TEXT
from fairway.flags import BITS
from fairway.topics import matches
from services.filter.known_vessels import KnownVessels
from services.filter.reports import (
    ATON,
    BASE_STATION,
    KIND_NAMES,
    NOTHING,
    SAR_AIRCRAFT,
    Flags,
    Numbers,
    Places,
    Reports,
)
from services.filter.rules.rule import Bits, Rule, RuleOptions, found

MMSI_DIGITS = 9
# Where a MID stands in an MMSI, ITU-R M.585-9, with the digits before it: ship; group of ships; coast station; aircraft; handheld
# VHF; craft associated with a ship; aid to navigation. Distress beacons (970, 972, 974) have none.
BEFORE_MID = ("", "0", "00", "111", "8", "98", "99")
OF_NO_SHIP_TYPE = (BASE_STATION, ATON, SAR_AIRCRAFT)
MOST_SHIP_TYPES = 256
TEXTS_REMEMBERED = 4096  # with whether they are meant

Ranges = Sequence[tuple[int, int]]  # the first number and that behind the last
Answer = tuple[Flags, Flags]  # of each row: whether a condition holds, and whether that is not known
Condition = Callable[[Reports, Places], Answer]


def _check_kind(kind: str) -> str:
    if kind not in KIND_NAMES:
        raise ValueError(f"the kinds are {', '.join(KIND_NAMES)}")
    return kind


def _check_prefix(prefix: object) -> object:
    if not isinstance(prefix, str) or not fullmatch(r"\d{1,9}", prefix):
        raise ValueError('write up to nine digits in quotes, such as "219" or "00219"')  # YAML reads 0021 as 17
    return prefix


def _check_ship_types(written: object) -> object:
    if not fullmatch(r"\d{1,3}(\s*-\s*\d{1,3})?", str(written)):
        raise ValueError("write a number of ITU-R M.1371 such as 52, or a range such as 80-89")
    first, behind = _ship_type_range(str(written))
    if not first < behind <= MOST_SHIP_TYPES:
        raise ValueError(f"ship types are 0 to {MOST_SHIP_TYPES - 1}, the lower first")
    return str(written)


def _check_source(pattern: str) -> str:
    if not all(fullmatch(r"[a-z0-9_-]+|\*|#", word) for word in pattern.split(".")):
        raise ValueError(
            "a source is words with dots between, `*` for any one and `#` for any number, such as coastal.#"
        )
    return pattern


def _ship_type_range(written: str) -> tuple[int, int]:
    first, _, last = written.partition("-")
    return int(first), int(last or first) + 1


class SelectOptions(RuleOptions):
    """Which records are meant. All conditions that are given must hold; of the values of one, any."""

    rule: Literal["select"] = "select"
    keep: Literal["matching", "others"] = Field(
        "matching", description="Which records are kept; with flag and route, which are marked or copied."
    )
    msg_types: tuple[Annotated[int, Field(ge=1, le=28)], ...] = Field((), description="Message types, 1 to 28.")
    kinds: tuple[Annotated[str, AfterValidator(_check_kind)], ...] = Field(
        (), description="Kinds of records, such as position or static."
    )
    mmsi: tuple[Annotated[int, Field(ge=0, lt=10**MMSI_DIGITS)], ...] = Field(
        (), description="MMSIs, without zeros in front."
    )
    mmsi_prefixes: tuple[Annotated[str, BeforeValidator(_check_prefix)], ...] = Field(
        (), description='First digits of MMSIs, which have nine, in quotes: "219", "00219".'
    )
    mids: tuple[Annotated[int, Field(ge=200, le=799)], ...] = Field(
        (),
        description="Countries by their MID, wherever that stands: of ships, coast stations, aids, aircraft and craft.",
    )
    ship_types: tuple[Annotated[str, BeforeValidator(_check_ship_types)], ...] = Field(
        (), description="Ship types and ranges of such, as the vessel's last static data say: 52, 80-89."
    )
    sources: tuple[Annotated[str, AfterValidator(_check_source)], ...] = Field(
        (), description="Sources: `*` in a name is one word, `#` any number."
    )
    stations: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (), description="Receiving stations: `*` in a name is any text, `?` any character."
    )
    unknown: Literal["keep", "drop"] = Field(
        "keep",
        description="Records of which nobody knows whether they match: with keep they are never found, with drop always.",
    )
    max_vessels: int = Field(
        200_000, ge=1, description="Vessels whose last ship type is remembered, where ship types are asked for."
    )

    @model_validator(mode="after")
    def _needs_a_condition(self) -> "SelectOptions":
        conditions = ("msg_types", "kinds", "mmsi", "mmsi_prefixes", "mids", "ship_types", "sources", "stations")
        if not any(getattr(self, name) for name in conditions):
            raise ValueError(f"give at least one of {', '.join(conditions)}")
        return self

    def build(self) -> "Select":
        return Select(self)


class Select(Rule):
    """With action drop it finds what is not to be kept, otherwise what is."""

    def __init__(self, options: SelectOptions) -> None:
        self._finds_matching = (options.keep == "matching") == (options.action != "drop")
        self._finds_unknown = options.unknown == "drop"
        self._conditions = list(_conditions(options))
        self.members = frozenset(name for name in ("source", "station") if getattr(options, f"{name}s"))
        self._vessels: KnownVessels | None = None
        if options.ship_types:
            self._vessels = KnownVessels({"ship_type"}, options.max_vessels)
            self._ship_types = _table(range(*_ship_type_range(each)) for each in options.ship_types)
            self._conditions.append(self._is_of_ship_type)
            self.members |= {"ship_type"}
            self.memories = (self._vessels,)

    def judge(self, reports: Reports, rows: Places) -> Bits:
        match, differ = np.ones(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
        for condition in self._conditions:
            holds, is_unknown = condition(reports, rows)
            match &= holds
            differ |= ~(holds | is_unknown)
        finds = match if self._finds_matching else differ
        return found(finds | ~(match | differ) if self._finds_unknown else finds, BITS["selected"])

    def _is_of_ship_type(self, reports: Reports, rows: Places) -> Answer:
        assert self._vessels is not None
        filled, _ = self._vessels.fill(reports, rows)
        types = filled["ship_type"]
        if self.explains:
            self.numbers = {"ship_type": types}
        is_known = (types >= 0) & (types < MOST_SHIP_TYPES)
        holds = self._ship_types[np.where(is_known, types, 0).astype(np.int64)] & is_known
        are_ships = ~np.isin(reports.rows["kind"][rows], OF_NO_SHIP_TYPE)
        return holds & are_ships, ~is_known & are_ships


def _conditions(options: SelectOptions) -> Iterable[Condition]:
    """Those that ask the record itself."""
    if options.msg_types:
        yield _of_numbers("msg_type", [(each, each + 1) for each in options.msg_types])
    if options.kinds:
        yield _of_numbers("kind", [(place, place + 1) for place in map(KIND_NAMES.index, options.kinds)])
    if options.mmsi:
        yield _of_numbers("mmsi", [(each, each + 1) for each in options.mmsi])
    if options.mmsi_prefixes:
        yield _of_numbers("mmsi", [_beginning_with(each) for each in options.mmsi_prefixes])
    if options.mids:
        yield _of_numbers("mmsi", [_beginning_with(f"{before}{mid}") for mid in options.mids for before in BEFORE_MID])
    if options.sources:
        yield _of_texts("source", lambda source: any(matches(each, source) for each in options.sources))
    if options.stations:
        yield _of_texts("station", lambda station: any(fnmatchcase(station, each) for each in options.stations))


def _beginning_with(digits: str) -> tuple[int, int]:
    """The MMSIs that begin so, and the one behind the last."""
    rest = 10 ** (MMSI_DIGITS - len(digits))
    return int(digits) * rest, (int(digits) + 1) * rest


def _of_numbers(name: str, ranges: Ranges) -> Condition:
    """Whether a member is in any of some ranges."""
    first, behind = _joined(ranges)

    def ask(reports: Reports, rows: Places) -> Answer:
        numbers = reports.rows[name][rows]
        places = np.searchsorted(first, numbers, side="right") - 1
        return (places >= 0) & (numbers < behind[places]), numbers == NOTHING

    return ask


def _joined(ranges: Ranges) -> tuple[Numbers, Numbers]:
    """The ranges in order, those that meet made one."""
    first: list[int] = []
    behind: list[int] = []
    for begin, end in sorted(ranges):
        if behind and begin <= behind[-1]:
            behind[-1] = max(behind[-1], end)
        else:
            first.append(begin)
            behind.append(end)
    return np.array(first, np.int64), np.array(behind, np.int64)


def _of_texts(name: str, is_meant: Callable[[str], bool]) -> Condition:
    """Whether a member is a text that is meant."""
    remembered = lru_cache(maxsize=TEXTS_REMEMBERED)(is_meant)

    def ask(reports: Reports, rows: Places) -> Answer:
        numbers, which = np.unique(reports.rows[name][rows], return_inverse=True)
        holds = [number != NO_TEXT and remembered(reports.texts.text(number)) for number in numbers.tolist()]
        return np.array(holds, np.bool_)[which], (numbers == NO_TEXT)[which]

    return ask


def _table(ranges: Iterable[range]) -> NDArray[np.bool_]:
    """By ship type whether it is in any of the ranges."""
    meant = np.zeros(MOST_SHIP_TYPES, np.bool_)
    for some in ranges:
        meant[some.start : some.stop] = True
    return meant
