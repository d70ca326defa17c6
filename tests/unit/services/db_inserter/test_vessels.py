"""Static data of several types and times merged into one vessel."""

from itertools import permutations
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fairway.clock import to_text
from fairway.columns import Labels, Texts, rows_of
from fairway.records import Static
from services.db_inserter.static_reports import SHAPE
from services.db_inserter.tables import Type, is_null
from services.db_inserter.vessels import FACTS, VESSELS, merge_reports

Vessel = dict[str, Any]


def static(second: int, **fields: object) -> Static:
    envelope = {"source": "test", "received_at": "2026-01-02T03:05:00.000Z", "time_source": "received", "mmsi": 1}
    return Static(**{"msg_type": 5, **envelope, "event_time": f"2026-01-02T03:04:{second:02}.000Z", **fields})


def merged(*reports: Static) -> dict[int, Vessel]:
    """Vessels by MMSI: the values of their columns, null as None."""
    texts = Texts()
    rows = merge_reports(rows_of(SHAPE, reports, texts, Labels()), texts)
    return {
        int(row["mmsi"]): {name: plain(kind, row[name], texts) for name, kind in VESSELS.columns.items()}
        for row in rows
    }


def plain(kind: Type, value: Any, texts: Texts) -> Any:
    if is_null(kind, value):
        return None
    if kind is Type.TIMESTAMP:
        return to_text(int(value) // 1000)
    return texts.text(int(value)) if kind is Type.TEXT else bool(value) if kind is Type.BOOLEAN else value.item()


def test_parts_a_and_b_complete_each_other() -> None:
    vessel = merged(static(1, msg_type=24, part="A", name="ANNA"), static(2, msg_type=24, part="B", callsign="OX1"))[1]
    assert (vessel["name"], vessel["callsign"]) == ("ANNA", "OX1")
    assert (vessel["name_time"][17:19], vessel["callsign_time"][17:19], vessel["imo_time"]) == ("01", "02", None)


def test_a_newer_null_does_not_erase() -> None:
    assert merged(static(1, name="ANNA"), static(2))[1]["name"] == "ANNA"


def test_an_older_value_does_not_replace_a_newer_one() -> None:
    assert merged(static(2, destination="KIEL"), static(1, destination="OSLO"))[1]["destination"] == "KIEL"


def test_the_dimensions_are_replaced_together() -> None:
    vessel = merged(static(1, to_bow=90, to_stern=10, to_port=5, to_starboard=5), static(2, to_bow=70, to_stern=30))[1]
    assert [vessel[name] for name in FACTS["dimensions"]] == [70, 30, None, None]


def test_length_and_width_are_told_by_parts_or_as_a_whole() -> None:
    for fields, expected in (
        ({"to_bow": 90, "to_stern": 10, "to_port": 5, "to_starboard": 8}, (100, 13)),
        ({"length": 99.5, "width": 12.5}, (99.5, 12.5)),
        ({"to_bow": 0, "to_stern": 10, "length": 99.5}, (10, None)),  # the ship's own word before the provider's
        ({"to_bow": 90, "length": 99.5}, (99.5, None)),
        ({"to_bow": 32_767, "to_stern": 32_767}, (65_534, None)),
    ):
        vessel = merged(static(1, **fields))[1]
        assert (vessel["length"], vessel["width"]) == expected


def test_the_newest_length_counts_whoever_said_it() -> None:
    vessel = merged(static(1, to_bow=90, to_stern=10), static(2, msg_type=None, length=99.5))[1]
    assert (vessel["length"], vessel["to_bow"]) == (99.5, 90)


def test_first_and_last_time_and_the_newest_source_are_kept() -> None:
    for order in permutations([static(3, source="b"), static(1, source="c"), static(3, source="a", station="x")]):
        vessel = merged(*order)[1]
        assert (vessel["first_time"][17:19], vessel["last_time"][17:19]) == ("01", "03")
        assert (vessel["source"], vessel["station"]) == ("b", None)


def test_a_station_without_a_name_is_none() -> None:
    assert merged(static(1, station=""))[1]["station"] is None


def test_each_ship_has_its_own_in_the_order_of_mmsi() -> None:
    vessels = merged(*(static(1, mmsi=mmsi, name=str(mmsi)) for mmsi in (3, 1, 2)))
    assert {mmsi: vessel["name"] for mmsi, vessel in vessels.items()} == {1: "1", 2: "2", 3: "3"}
    assert list(vessels) == [1, 2, 3]


reports = st.builds(
    static,
    st.integers(0, 3),
    mmsi=st.integers(1, 2),
    source=st.sampled_from(["a", "B", "Æ"]),
    station=st.sampled_from([None, "", "x", "Y"]),
    name=st.sampled_from([None, "ANNA", "BERTA", "Ærø", ""]),
    imo=st.sampled_from([None, 0, 9_000_001]),
    to_bow=st.sampled_from([None, 1, 2]),
    to_stern=st.sampled_from([None, 1, 2]),
    length=st.sampled_from([None, 2.5, 3.0]),
    draught=st.sampled_from([None, 1.5, 2.5]),
    ais_class=st.sampled_from([None, "A", "B"]),
    eta=st.sampled_from([None, "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"]),
    eta_hour=st.sampled_from([None, 0, 5]),
    dte=st.sampled_from([None, True, False]),
)


def value_of(report: Static, column: str) -> Any:
    for whole, one, other in ("length", report.to_bow, report.to_stern), ("width", report.to_port, report.to_starboard):
        if column == whole and one is not None and other is not None:
            return one + other
    return getattr(report, column)


def by_definition(group: list[Static]) -> Vessel:
    """The vessel of the reports of one MMSI, a report at a time."""
    newest = max((report.event_time, report.source, report.station or "") for report in group)
    vessel: Vessel = {"mmsi": group[0].mmsi, "first_time": min(report.event_time for report in group)}
    vessel |= {"last_time": newest[0], "source": newest[1], "station": newest[2] or None}
    for fact, columns in FACTS.items():
        words = [(report.event_time, [value_of(report, column) for column in columns]) for report in group]
        told = [word for word in words if word[1] != [None] * len(columns)]
        time, values = max(told, key=comparable, default=(None, [None] * len(columns)))
        vessel |= {f"{fact}_time": time, **dict(zip(columns, values, strict=True))}
    return vessel


def comparable(word: tuple[str, list[Any]]) -> tuple[Any, ...]:
    """Within a column all values are of one type: nulls stand before them, but a null flag is as good as false."""
    time, values = word
    return time, *((0, False) if value is None else (int(value is not False), value) for value in values)


@given(st.lists(reports, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_vessel_is_the_newest_of_each_fact_in_any_order_of_arrival(group: list[Static], random: Random) -> None:
    random.shuffle(group)
    vessels = merged(*group)
    expected = {mmsi: by_definition([r for r in group if r.mmsi == mmsi]) for mmsi in {r.mmsi for r in group}}
    for vessel, other in ((vessels[mmsi], expected[mmsi]) for mmsi in expected):
        if vessel["dte"] is None or other["dte"] is None:
            other["dte"] = vessel["dte"]
        assert vessel == other
