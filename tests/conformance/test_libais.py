"""What libais says of its own examples, value by value (schwehr/libais, test/test_data.py and test/data)."""

import json
from typing import Any

from tests.conformance import aivdm_names, libais_names
from tests.conformance.agreement import Comparison, decode, file, ours, same
from tests.conformance.declared import LIBAIS, LIBAIS_EXAMPLES, as_found

FEWEST = 400  # values that the file holds for us to compare


def lists(comparison: Comparison, sentences: list[str], theirs: dict[str, Any]) -> None:
    """What libais gives as lists and we as numbered fields, or in content."""
    record = decode(sentences)
    for n, (mmsi, seqno) in enumerate(theirs.get("acks", []), 1):
        mine = (ours(record, f"dest_mmsi_{n}"), ours(record, f"seqno_{n}"))
        comparison.add(sentences, f"acks {n}", mine, (mmsi, seqno), mine == (mmsi, seqno))
    for n, block in enumerate(theirs.get("reservations", []), 1):
        mine = [ours(record, f"{name}_{n}") or 0 for name in ("offset", "number", "timeout", "increment")]
        said = [block["offset"], block["num_slots"], block["timeout"], block["incr"]]
        comparison.add(sentences, f"reservations {n}", mine, said, mine == said)
    if "capabilities" in theirs:
        said = [fid for fid, available in enumerate(theirs["capabilities"]) if available]
        comparison.add(
            sentences, "capabilities", ours(record, "content.fids"), said, ours(record, "content.fids") == said
        )
    if "rot" in theirs:
        said = round(theirs["rot"], 2)
        mine = ours(record, "rot")
        comparison.add(sentences, "rot", mine, said, abs(said) > 709 if mine is None else abs(mine - said) < 0.011)
    for mine, said in zip(ours(record, "content.gauges") or [], theirs.get("gauge_ids", []), strict=True):
        comparison.add(sentences, "gauge_ids", mine["gauge_id"], said, mine["gauge_id"] == said)


def reports(comparison: Comparison, sentences: list[str], theirs: dict[str, Any]) -> None:
    """The reports of an environmental message; one of two sentences that has all of it is made the only one."""
    whole = [sentence.replace(",2,1,6,,", ",1,1,,,") for sentence in sentences]
    found = ours(decode(whole), "content.reports")
    for n, (mine, said) in enumerate(zip(found, theirs["reports"], strict=True)):
        for name, value in said.items():
            if expectation := libais_names.REPORT.get(name):
                own = mine.get(expectation.ours)
                comparison.add(sentences, f"reports {n} {name}", own, value, same(own, expectation, value))


def test_agrees_with_the_examples_of_libais_but_for_what_is_declared() -> None:
    comparison = Comparison("libais test_data")
    for example in json.loads(file("expect_libais_test_data.json").read_text()):
        theirs = example["expect_dict"]
        comparison.hold(example["nmea"], libais_names.expectations(theirs), theirs)
        lists(comparison, example["nmea"], theirs)
        if "reports" in theirs:
            reports(comparison, example["nmea"], theirs)
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.2%} agree")
    assert comparison.compared > FEWEST
    assert as_found(comparison.differences) == LIBAIS


def test_agrees_with_the_type_examples_and_tag_blocks_of_libais() -> None:
    comparison = Comparison("libais examples")
    for name in ("typeexamples", "tagblock"):
        messages = _messages(file(f"libais_{name}.nmea").read_text().splitlines())
        records = [(sentences, decode(sentences)) for sentences in messages]
        for line in file(f"libais_{name}.json").read_text().splitlines():
            theirs = json.loads(line)
            matching = [
                (sentences, record)
                for sentences, record in records
                if ours(record, "mmsi") == theirs["mmsi"] and ours(record, "msg_type") == theirs["type"]
            ]
            sentences = _nearest(matching, theirs)
            comparison.hold(sentences, _names(theirs), _values(theirs))
    print(f"\n{comparison.source}: {comparison.compared} values, {comparison.agreement:.2%} agree")
    assert comparison.compared > 150
    assert as_found(comparison.differences) == LIBAIS_EXAMPLES


def _messages(lines: list[str]) -> list[list[str]]:
    """Sentences by message; the parts of the only one of two are not beside each other."""
    parts = [line for line in lines if ",2,1," in line or ",2,2," in line]
    return [[line] for line in lines if line not in parts] + ([sorted(parts, key=_part)] if parts else [])


def _part(line: str) -> str:
    return line[line.index("!AIVDM") :].split(",")[2]


def _nearest(matching: list[Any], theirs: dict[str, Any]) -> list[str]:
    """Of several messages of a ship, the one that their record is of."""
    course = theirs.get("course")
    fitting = [s for s, record in matching if course is None or abs((ours(record, "cog") or 0) - course) < 0.051]
    assert fitting, theirs
    return fitting[0]


# Names that libais gives otherwise than gpsd does, beside those for the communication state, which we keep as sent
_OTHERWISE = {
    "device",
    "class",
    "scaled",
    "spare",
    "spare2",
    "spare3",
    "spare4",
    "turn",
    "timestamp",
    "regional",
    "data",
}
_OTHERWISE |= {"retransmit", "mode", "unit", "stationtype_text", "dte"}


def _names(theirs: dict[str, Any]) -> dict[str, Any]:
    names = aivdm_names.expectations(theirs["type"], theirs.get("dac"), theirs.get("fid"))
    return {**names, "y": aivdm_names.E("lat"), "x": aivdm_names.E("lon")}


def _values(theirs: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in theirs.items() if name not in _OTHERWISE}
    return {**values, "imo": int(values["imo"])} if "imo" in values else values
