"""The encoder says what an independent decoder, pyais, reads back, field by field."""

from typing import Any

import pyais
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.encode import Template, armour, encode
from simulator.fields import raw_to_degrees, raw_to_rot, rot_to_raw
from simulator.sentences import SentenceWriter

PYAIS_NAMES = {
    "nav_status": "status",
    "rot": "turn",
    "sog": "speed",
    "cog": "course",
    "name": "shipname",
    "eta_month": "month",
    "eta_day": "day",
    "eta_hour": "hour",
    "eta_minute": "minute",
    "vendor": "vendorid",
}

SHIP_TYPES = pyais.constants.ShipType  # pyais folds codes it does not know into 0

mmsi = st.integers(1, 999_999_999)
lon = st.integers(-180 * 600_000, 180 * 600_000).map(raw_to_degrees)
lat = st.integers(-90 * 600_000, 90 * 600_000).map(raw_to_degrees)
rot = st.integers(-126, 126).filter(lambda raw: rot_to_raw(raw_to_rot(raw)) == raw).map(raw_to_rot)
second = st.integers(0, 59)
# Blanks at the ends and @ are padding on the air, so they cannot come back.
sixbit = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^- !\"#$%&'()*+,./0123456789:;<=>?")


def tenths(highest: int) -> st.SearchStrategy[float]:
    return st.integers(0, highest).map(lambda raw: raw / 10)


def text(characters: int) -> st.SearchStrategy[str]:
    return st.text(sixbit, max_size=characters).map(str.strip)


dimensions = {
    "to_bow": st.integers(0, 511),
    "to_stern": st.integers(0, 511),
    "to_port": st.integers(0, 63),
    "to_starboard": st.integers(0, 63),
}
movement = {
    "mmsi": mmsi,
    "lon": lon,
    "lat": lat,
    "sog": tenths(1022),
    "cog": tenths(3599),
    "heading": st.integers(0, 359),
    "second": second,
}
class_a = st.fixed_dictionaries({**movement, "rot": rot, "nav_status": st.integers(0, 15)})
time = {
    "year": st.integers(1, 9999),
    "month": st.integers(1, 12),
    "day": st.integers(1, 31),
    "hour": st.integers(0, 23),
    "minute": st.integers(0, 59),
}
eta = {f"eta_{part}": strategy for part, strategy in time.items() if part != "year"}

VALUES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "1": class_a,
    "3": class_a,
    "4": st.fixed_dictionaries({"mmsi": mmsi, "lon": lon, "lat": lat, "second": second, **time}),
    "5": st.fixed_dictionaries(
        {
            "mmsi": mmsi,
            "imo": st.integers(0, 2**30 - 1),
            "callsign": text(7),
            "name": text(20),
            "ship_type": st.sampled_from([int(code) for code in SHIP_TYPES]),
            **dimensions,
            **eta,
            "draught": tenths(255),
            "destination": text(20),
        }
    ),
    "18": st.fixed_dictionaries(movement),
    "21": st.fixed_dictionaries(
        {
            "mmsi": mmsi,
            "aid_type": st.integers(0, 31),
            "name": text(20),
            "lon": lon,
            "lat": lat,
            **dimensions,
            "second": second,
            "virtual_aid": st.integers(0, 1),
        }
    ),
    "24A": st.fixed_dictionaries({"mmsi": mmsi, "name": text(20)}),
    "24B": st.fixed_dictionaries(
        {
            # 98MIDxxxx is a craft of a mother ship, whose MMSI stands in place of the dimensions.
            "mmsi": mmsi.filter(lambda number: number // 10_000_000 != 98),
            "ship_type": st.integers(0, 99),
            "vendor": text(3),
            "serial": st.integers(0, 2**20 - 1),
            "callsign": text(7),
            **dimensions,
        }
    ),
}


def decoded(layout: str, values: dict[str, Any]) -> dict[str, Any]:
    sentences = SentenceWriter(tag_blocks=False).write(encode(layout, values), b"", 0)
    return pyais.decode(*sentences).asdict()


@pytest.mark.parametrize("layout", VALUES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_pyais_reads_back_every_field_of(layout: str, data: st.DataObject) -> None:
    values = data.draw(VALUES[layout])

    fields = decoded(layout, values)

    assert fields["msg_type"] == int(layout.rstrip("AB"))
    for name, value in values.items():
        expected = round(value) if name == "rot" else value  # pyais gives whole degrees a minute
        assert fields[_pyais_name(layout, name)] == expected, name


@pytest.mark.parametrize(
    ("layout", "missing"),
    [
        ("1", {"lon": 181, "lat": 91, "speed": 102.3, "course": 360, "heading": 511, "second": 60, "status": 15}),
        ("5", {"imo": 0, "callsign": "", "shipname": "", "draught": 0, "destination": "", "hour": 24, "minute": 60}),
        ("18", {"lon": 181, "lat": 91, "speed": 102.3, "course": 360, "heading": 511, "second": 60}),
        ("21", {"name": "", "lon": 181, "lat": 91, "second": 60}),
    ],
)
def test_a_field_left_out_is_sent_as_not_available(layout: str, missing: dict[str, object]) -> None:
    fields = decoded(layout, {"mmsi": 219000001})

    assert {name: fields[name] for name in missing} == missing


def test_rate_of_turn_left_out_is_sent_as_not_available() -> None:
    assert decoded("1", {"mmsi": 219000001})["turn"] == pyais.constants.TurnRate.NO_TI_DEFAULT


@given(values=class_a)
def test_a_filled_template_equals_the_message_packed_at_once(values: dict[str, Any]) -> None:
    varying = ("sog", "heading", "second")
    template = Template("1", {name: value for name, value in values.items() if name not in varying}, varying)

    filled = template.fill(round(values["sog"] * 10), values["heading"], values["second"])

    assert filled == encode("1", values)


@pytest.mark.parametrize(
    ("layout", "values"),
    [
        ("1", {"sog": 102.5}),
        ("1", {"heading": -1}),
        ("1", {"lon": 180.1}),
        ("1", {"lat": -90.1}),
        ("5", {"name": "A NAME OF TWENTY-ONE C"}),
        ("5", {"name": "lower case"}),
    ],
)
def test_refuses_a_value_that_does_not_fit(layout: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"fit|longitude|latitude|longer|outside"):
        encode(layout, {"mmsi": 219000001, **values})


def test_armour_pads_to_whole_characters_and_says_how_much() -> None:
    assert armour(0b000001_10, 8) == (b"1P", 4)


@given(st.integers(-180 * 600_000, 180 * 600_000))
def test_a_position_is_rounded_as_decoders_round_it(raw: int) -> None:
    assert raw_to_degrees(raw) == round(raw / 600_000, 6)


def _pyais_name(layout: str, name: str) -> str:
    return "name" if (layout, name) == ("21", "name") else PYAIS_NAMES.get(name, name)
