"""Builders for tests of the filter: reports of one pretend ship, and rules that judge them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from fairway import clock, records
from fairway.testing import START
from services.filter.judge import Filter
from services.filter.rule_file import parse

Judged = Callable[..., list[str | None]]


def _record(kind: type[Any], at: float, given: dict[str, Any], usual: dict[str, Any]) -> Any:
    time = clock.to_text(clock.to_ms(START) + round(at * 1000))
    return kind(
        **{"source": "test", "event_time": time, "received_at": START, "time_source": "tag_block", **usual, **given}
    )


def _position(at: float = 0, **given: Any) -> records.Position:
    usual = {"mmsi": 219000001, "msg_type": 1, "lon": 10.0, "lat": 55.0, "sog": 10.0, "cog": 90.0, "nav_status": 0}
    return _record(records.Position, at, given, usual)


def _static(at: float = 0, **given: Any) -> records.Static:
    return _record(
        records.Static, at, given, {"mmsi": 219000001, "msg_type": 5, "name": "ASTRID", "destination": "AARHUS"}
    )


def _base_station(at: float = 0, **given: Any) -> records.BaseStation:
    return _record(records.BaseStation, at, given, {"mmsi": 2190047, "msg_type": 4, "lon": 10.0, "lat": 55.0})


def _aton(at: float = 0, **given: Any) -> records.Aton:
    return _record(
        records.Aton, at, given, {"mmsi": 992190001, "msg_type": 21, "lon": 10.0, "lat": 55.0, "off_position": False}
    )


def _filter(*rules: dict[str, Any], folder: Path = Path()) -> Filter:
    return Filter(parse(yaml.safe_dump({"rules": list(rules)}), "test", folder))


@pytest.fixture(scope="session")
def position() -> Callable[..., records.Position]:
    """A position report `at` seconds after START."""
    return _position


@pytest.fixture(scope="session")
def static() -> Callable[..., records.Static]:
    """A type 5 of the same ship."""
    return _static


@pytest.fixture(scope="session")
def base_station() -> Callable[..., records.BaseStation]:
    """A type 4."""
    return _base_station


@pytest.fixture(scope="session")
def aton() -> Callable[..., records.Aton]:
    """A type 21."""
    return _aton


@pytest.fixture(scope="session")
def a_filter() -> Callable[..., Filter]:
    """A filter with the given rules."""
    return _filter


@pytest.fixture(scope="session")
def dropped() -> Callable[..., list[bool]]:
    """Of each report, in order, whether one rule with the given options drops it."""

    def judge(options: dict[str, Any], *reports: records.AnyDecoded) -> list[bool]:
        return [not decision.kept for decision in _filter(options).decide(reports)]

    return judge
