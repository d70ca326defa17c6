"""What gpsd says of its own regression logs (ntpsec/gpsd, test/daemon), and of the Schwehr test load in our hands again.

gpsd gave these numbers unscaled. The test load has no sentences: they are made from gpsd's values by pyais, an encoder of
other hands, and decoded here.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pyais
import pytest

from tests.conformance.agreement import Comparison, agrees_on_turn, decode, file, ours
from tests.conformance.aivdm_names import expectations
from tests.conformance.declared import GPSD, GPSD_SYNTHETIC, as_found

LOGS = ("gpsd_ais-nmea.log.chk", "gpsd_ait250.log.chk", "gpsd_saab-r4.log.chk")
ETA = re.compile(r"(\d\d)-(\d\d)T(\d\d):(\d\d)Z")
CLOCK = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z")
SHIFTED_PRESSURE = 1311  # one example of 1/31 is of a gpsd that added 800, and took 1,000 from the water level
FINE, COARSE, THOUSANDTH = 600_000, 600, 60_000  # raw units of a degree


def scaled(theirs: dict[str, Any]) -> dict[str, Any]:
    """gpsd's raw numbers in the units of its scaled output, its times taken apart."""
    kind, application = theirs["type"], (theirs.get("dac"), theirs.get("fid"))
    per_degree = COARSE if kind in (17, 22, 23, 27) else THOUSANDTH if kind == 8 else FINE
    divisors = dict.fromkeys(("lon", "lat", "ne_lon", "ne_lat", "sw_lon", "sw_lat"), per_degree)
    if kind in (1, 2, 3, 18, 19):
        divisors |= {"speed": 10, "course": 10}
    if kind == 9:
        divisors["course"] = 10
    if kind == 5:
        divisors["draught"] = 10
    if application == (200, 10):
        divisors |= {"length": 10, "beam": 10, "draught": 100}
    values = {name: value / divisors[name] if name in divisors else value for name, value in theirs.items()}
    values |= weather(theirs) if application in ((1, 11), (1, 31)) else {}
    for pattern, name, parts in (
        (ETA, "eta", ("month", "day", "hour", "minute")),
        (CLOCK, "timestamp", ("year", "month", "day", "hour", "minute", "second")),
    ):
        if found := pattern.fullmatch(str(values.pop(name, ""))):
            values |= dict(zip(parts, map(int, found.groups()), strict=True))
    return values


def weather(theirs: dict[str, Any]) -> dict[str, Any]:
    """The raw numbers of 1/11 and 1/31 in their units."""
    old = theirs["fid"] == 11
    biases = {"airtemp": 600, "dewpoint": 200, "waterlevel": 100, "watertemp": 100} if old else {"waterlevel": 1000}
    tenths = ("visibility", "cspeed", "cspeed2", "cspeed3", "waveheight", "swellheight", "salinity")
    values = {name: (theirs[name] - biases.get(name, 0)) / 10 for name in (*tenths, "airtemp", "dewpoint", "watertemp")}
    values["waterlevel"] = (theirs["waterlevel"] - biases["waterlevel"]) / (10 if old else 100)
    return {**values, "pressure": theirs["pressure"] + (800 if old else 799)}


def pairs(text: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Each AIS message of a log with the sentences before it."""
    sentences: list[str] = []
    for line in text.splitlines():
        if "VDM," in line or "VDO," in line:
            if line.split(",")[2] == "1":
                sentences = []
            sentences.append(line)
        elif line.startswith('{"class":"AIS"'):
            yield sentences, json.loads(line)


def hold(comparison: Comparison, sentences: list[str], theirs: dict[str, Any]) -> None:
    values = scaled(theirs)
    names = expectations(theirs["type"], theirs.get("dac"), theirs.get("fid"))
    comparison.hold(sentences, names, values)
    record = decode(sentences)
    if "turn" in theirs:
        mine = (ours(record, "rot"), ours(record, "turning"))
        comparison.add(sentences, "turn", mine, theirs["turn"], agrees_on_turn(record, theirs["turn"]))


def test_agrees_with_the_regression_logs_of_gpsd() -> None:
    comparison = Comparison("gpsd logs")
    for name in LOGS:
        for sentences, theirs in pairs(file(name).read_text()):
            hold(comparison, sentences, theirs)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.2%} agree")
    assert comparison.compared > 4000
    assert as_found(comparison.differences) == GPSD


def test_agrees_with_the_test_load_of_gpsd_as_pyais_encodes_it() -> None:
    comparison = Comparison("gpsd synthetic")
    lines = [line for line in file("gpsd_synthetic-ais.json").read_text().splitlines() if line.startswith("{")]
    left_out: list[int] = []
    for line in lines:
        theirs = json.loads(line)
        if theirs.get("pressure") == SHIFTED_PRESSURE:
            continue
        if theirs.get("dac") == 235:  # pyais has no encoder for it
            left_out.append(theirs["type"])
            continue
        encoded = for_encoder(scaled(theirs))
        try:
            sentences = pyais.encode_dict(encoded, talker_id="AI")
        except (KeyError, ValueError):  # texts with characters that six bits have not, which is how gpsd spells some
            left_out.append(theirs["type"])
            continue
        hold(comparison, sentences, theirs)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.2%} agree; not {left_out}")
    assert comparison.compared > 250
    assert as_found(comparison.differences) == GPSD_SYNTHETIC


def for_encoder(values: dict[str, Any]) -> dict[str, Any]:
    """gpsd's values under the names and in the units of pyais's encoder."""
    kind = values["type"]
    encoded = {name: value for name, value in values.items() if name not in ("class", "scaled", "type", "device")}
    encoded["msg_type"] = kind
    renamed = {"shiptype": "ship_type", "stationtype": "station_type", "regional": "reserved_1"}
    if (kind, values.get("dac")) != (8, 200):
        encoded |= {new: encoded[old] for old, new in renamed.items() if old in encoded}
    if "turn" in encoded:
        encoded["turn"] = _degrees_a_minute(encoded["turn"])
    if "data" in encoded:
        encoded["data"] = bytes.fromhex(encoded["data"].partition(":")[2])
    if kind in (17, 22, 23):
        encoded |= {name: value * 60 for name, value in encoded.items() if name[-3:] in ("lon", "lat")}
    if kind == 21:
        encoded["name_ext"] = encoded["name"][20:]
    return encoded


def _degrees_a_minute(raw: int) -> float:
    return float(raw) if abs(raw) >= 127 else (raw / 4.733) ** 2 * (1 if raw >= 0 else -1)


@pytest.mark.parametrize("raw", [-128, -127, 0, 1, 126])
def test_the_rate_of_turn_is_held_against_raw_numbers(raw: int) -> None:
    assert _degrees_a_minute(raw) == pytest.approx(raw) or abs(raw) < 127
