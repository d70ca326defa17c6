"""What the tests of two more decoders expect: t-recx/maritimo (Rust) and Kpler's station software (TypeScript)."""

import json
from collections.abc import Mapping
from typing import Any

from tests.conformance.agreement import Comparison, file
from tests.conformance.agreement import Expectation as E
from tests.conformance.aivdm_names import NAMES
from tests.conformance.declared import KPLER, MARITIMO, as_found

# Their name: the name that gpsd and the others share
MARITIMO_NAMES = {
    "message_type": "type",
    "repeat_indicator": "repeat",
    "mmsi": "mmsi",
    "position_accuracy": "accuracy",
    "latitude": "lat",
    "longitude": "lon",
    "raim_flag": "raim",
    "speed_over_ground": "speed",
    "course_over_ground": "course",
    "true_heading": "heading",
    "timestamp": "second",
    "name": "shipname",
    "call_sign": "callsign",
    "imo_number": "imo",
    "ship_type": "shiptype",
    "navigation_status": "status",
    "manuever_indicator": "maneuver",
    "position_fix_type": "epfd",
    "aid_type": "aid_type",
    "off_position": "off_position",
    "virtual_aid_flag": "virtual_aid",
    "assigned": "assigned",
    "dimension_to_bow": "to_bow",
    "dimension_to_stern": "to_stern",
    "dimension_to_port": "to_port",
    "dimension_to_starboard": "to_starboard",
    "cs_unit": "cs",
    "display_flag": "display",
    "dsc_flag": "dsc",
    "band_flag": "band",
    "message_22_flag": "msg22",
    "vendor_id": "vendorid",
    "draught": "draught",
    "destination": "destination",
    "dte": "dte",
    "ais_version": "ais_version",
    **{f"utc_{part}": part for part in ("year", "month", "day", "hour", "minute", "second")},
    **{f"eta_{part}": part for part in ("month", "day", "hour", "minute")},
}

KPLER_NAMES = {
    "aisType": "type",
    "repeatInd": "repeat",
    "mmsi": "mmsi",
    "latitude": "lat",
    "longitude": "lon",
    "posAccuracy": "accuracy",
    "navStatus": "status",
    "heading": "heading",
    "sog": "speed",
    "cog": "course",
    "utcTsSec": "second",
    "epfd": "epfd",
    "callSign": "callsign",
    "name": "shipname",
    "aisVer": "ais_version",
    "imo": "imo",
    "shipType": "shiptype",
    "dimToBow": "to_bow",
    "dimToStern": "to_stern",
    "dimToPort": "to_port",
    "dimToStbrd": "to_starboard",
    "draught": "draught",
    "destination": "destination",
    **{f"utc{part.title()}": part for part in ("year", "month", "day", "hour", "minute", "second")},
    **{f"eta{part.title()}": part for part in ("month", "day", "hour", "minute")},
}


def named(names: Mapping[str, str], msg_type: int) -> dict[str, E]:
    """Our field for each of their names that the message has."""
    known = NAMES[msg_type]
    found = {theirs: known[shared] for theirs, shared in names.items() if shared in known}
    return {**found, "channel": E("channel")}


def test_agrees_with_the_tests_of_maritimo() -> None:
    comparison = Comparison("maritimo")
    for case in json.loads(file("expect_trecx_maritimo.json").read_text()):
        theirs: dict[str, Any] = {said["field"]: said["value"] for said in case["expect"]}
        comparison.hold(case["nmea"], named(MARITIMO_NAMES, theirs["message_type"]), theirs)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.2%} agree")
    assert comparison.compared > 200
    assert as_found(comparison.differences) == MARITIMO


def test_agrees_with_the_tests_of_kpler() -> None:
    comparison = Comparison("kpler")
    for case in json.loads(file("expect_kpler_aisdecoder_mock.json").read_text()):
        theirs = case["expect_dict"]
        comparison.hold(theirs["rawMessages"], named(KPLER_NAMES, theirs["aisType"]), theirs)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.2%} agree")
    assert comparison.compared > 180
    assert as_found(comparison.differences) == KPLER
