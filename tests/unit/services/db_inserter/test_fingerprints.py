"""The hash of what a report says, by which equal reports are known."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fairway import records
from fairway.columns import Labels, Reader, Texts, rows_of
from fairway.records import Static
from fairway.testing import START
from services.db_inserter.static_reports import SHAPE, fingerprints
from tests.unit.fairway.any_records import records_of

BEFORE_PROVIDERS_FIELDS = -7699102641631857538


def static(time: int = 1, **fields: object) -> Static:
    envelope = {"source": "test", "received_at": START, "time_source": "received", "mmsi": 1, "msg_type": 5}
    return Static(**{**envelope, "event_time": f"2026-01-02T03:00:{time:02}.000Z", **fields})


def fingerprint(report: Static) -> int:
    texts = Texts()
    return int(fingerprints(rows_of(SHAPE, [report], texts, Labels()), texts)[0])


def test_the_guessed_year_of_an_eta_is_no_change() -> None:
    sent = {"eta_month": 3, "eta_day": 1}
    assert fingerprint(static(eta="2026-03-01T00:00:00.000Z", **sent)) == fingerprint(
        static(eta="2027-03-01T00:00:00.000Z", **sent)
    )


def test_an_eta_of_a_provider_that_sends_nothing_else_is_one() -> None:
    for more in {}, {"imo": 5}:
        one, other, none = (
            static(eta=eta, **more) for eta in ("2026-03-01T00:00:00.000Z", "2027-03-01T00:00:00.000Z", None)
        )
        assert len({fingerprint(one), fingerprint(other), fingerprint(none)}) == 3


def test_what_is_stored_is_found_again() -> None:
    assert fingerprint(static(name="ANNA", imo=9_000_001, destination="A")) == BEFORE_PROVIDERS_FIELDS
    assert fingerprint(static(eta="2026-03-01T00:00:00.000Z")) == OF_AN_ETA
    assert fingerprint(static(eta="2026-03-01T00:00:00.000Z", draught=3.0, dte=True)) == OF_AN_ETA_AND_MORE


OF_AN_ETA, OF_AN_ETA_AND_MORE = 6939915950042137116, -1596616411060578289


def test_what_only_providers_say_counts() -> None:
    for said in {"length": 12.5}, {"width": 3.5}, {"ais_class": "B"}:
        assert fingerprint(static(**said)) != fingerprint(static())


def test_who_received_a_report_is_no_change() -> None:
    assert fingerprint(static(station="a", channel="A")) == fingerprint(static(2, station="b", channel="B"))


@given(st.lists(records_of(Static), max_size=5))
def test_a_report_that_is_read_in_columns_has_the_fingerprint_of_its_record(reports: list[Any]) -> None:
    reports = [msgspec.structs.replace(report, event_time=START) for report in reports]
    read = Reader(SHAPE).read([records.encode(reports)])
    places = read.lines["row"].tolist()
    found = fingerprints(read.rows[0], read.texts).tolist() if len(read.rows[0]) else []
    assert all(found[place] == fingerprint(report) for place, report in zip(places, reports, strict=True) if place >= 0)
