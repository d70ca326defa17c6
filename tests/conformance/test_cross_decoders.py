"""Four decoders on 2,603 recorded messages: pyais, libais, AIS-catcher and gpsd; where most agree, so must we.

First the values that were called true because at least two decoders agree and none of the others differs more often; then,
wider, every value for which two of gpsd, pyais and AIS-catcher have the same name and number, the content of applications
among them.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.conformance.agreement import Comparison, agrees_on_turn, decode, file, ours, trimmed
from tests.conformance.aivdm_names import expectations
from tests.conformance.declared import CROSS, CROSS_WIDE, as_found

LEAST_AGREEMENT = 0.999
DECODERS = ("aiscat", "pyais", "gpsd")  # the finest first: gpsd rounds coarse positions to one decimal
OTHER_NAMES = {"sog": "speed", "cog": "course"}
SAME_WITHIN = 0.051


def messages() -> Iterator[dict[str, Any]]:
    with gzip.open(file("cross_decoder_truth_dev.jsonl.gz"), "rt") as lines:
        for line in lines:
            yield json.loads(line)


def test_agrees_with_what_most_decoders_say() -> None:
    comparison = Comparison("cross-decoder truth")
    for message in messages():
        truth = message["truth"]
        names = expectations(truth.get("type"), truth.get("dac"), truth.get("fid"))
        theirs = {OTHER_NAMES.get(name, name): value for name, value in truth.items()}
        assert set(theirs) <= set(names), "a value without a declared name"
        comparison.hold(message["nmea"], names, theirs)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.3%} agree")
    assert comparison.compared > 24_000
    assert comparison.agreement >= LEAST_AGREEMENT
    assert as_found(comparison.differences) == CROSS


def test_agrees_where_two_decoders_share_a_name_and_a_value() -> None:
    comparison = Comparison("cross-decoder shared names")
    for message in messages():
        said = [message[name] for name in DECODERS if message.get(name) and "_error" not in message[name]]
        names = expectations(message["type"], _first(said, "dac"), _first(said, "fid"))
        shared = {name: value for name in names if (value := _shared(said, name)) is not None}
        if ours(decode(message["nmea"]), "msg_type") is not None:
            comparison.hold(message["nmea"], names, shared)
            _hold_turn(comparison, message)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.3%} agree")
    assert comparison.compared > 34_000
    assert comparison.agreement >= LEAST_AGREEMENT
    assert as_found(comparison.differences) == CROSS_WIDE


def _first(said: list[dict[str, Any]], name: str) -> Any:
    return next((one[name] for one in said if one.get(name) is not None), None)


def _shared(said: list[dict[str, Any]], name: str) -> Any:
    """The value that at least two give, as the finest of them gives it."""
    values = [one[name] for one in said if one.get(name) is not None]
    return next((value for value in values if sum(_same(value, other) for other in values) > 1), None)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return trimmed(one) == trimmed(other)
    return abs(float(one) - float(other)) <= SAME_WITHIN


def _hold_turn(comparison: Comparison, message: Mapping[str, Any]) -> None:
    """The rate of turn as sent, from the two decoders that give it."""
    raws = [(message["gpsd_unscaled"] or {}).get("turn"), (message["aiscat"] or {}).get("turn_unscaled")]
    if message["type"] in (1, 2, 3) and raws[0] is not None and raws[0] == raws[1]:
        record = decode(message["nmea"])
        mine = (ours(record, "rot"), ours(record, "turning"))
        comparison.add(message["nmea"], "turn", mine, raws[0], agrees_on_turn(record, raws[0]))
