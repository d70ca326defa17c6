"""Every recording, read without flags, gives what expected_files.yaml says: counts, reasons, times, vessels."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import yaml
from msgspec import Struct

from fairway import clock
from fairway.records import Aton, BaseStation, Binary, Decoded, Position, SarAircraft, Static, kind_of
from services.offline import Reading, read_file

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data"
FOLDERS = ("raw_nmea", "timestamped", "decoded")
HAVE_PLACE = (Position, BaseStation, Aton, SarAircraft, Binary)
TELL_WHO = (Position, Static, Aton)
FACTS = ("name", "imo", "callsign", "ship_type", "destination")


class Vessels(Struct, frozen=True):
    """The set of distinct MMSIs, told by two numbers."""

    count: int
    sum: int


class Sentences(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a file of NMEA 0183 gives. The fields are explained in expected_files.yaml."""

    lines: int
    sentences: int
    types: dict[int, int]
    rejected: dict[str, int] = {}
    ignored: dict[str, int] = {}
    left_over: int = 0
    time_sources: dict[str, int]
    first: str | None = None
    last: str | None = None
    after_first: int = 0
    vessels: Vessels
    facts: dict[str, int] = {}


class Values(Struct, frozen=True):
    """A field of many records: how many know it, and the sum of what they know, rounded."""

    count: int = 0
    sum: int = 0


class Provided(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a file of decoded rows or objects gives. The fields are explained in expected_files.yaml."""

    lines: int
    kinds: dict[str, int]
    placed: int
    types: dict[int, int] = {}
    rejected: dict[str, int] = {}
    ignored: dict[str, int] = {}
    duplicates: int = 0
    time_source: str | None
    first: str | None = None
    last: str | None = None
    vessels: Vessels
    box: tuple[float, ...] = ()
    sog: Values = Values()
    cog: Values = Values()
    heading: Values = Values()
    facts: dict[str, int] = {}


class Expected(Struct, frozen=True):
    """The whole table, by path below the data folder."""

    sentences: dict[str, Sentences]
    provided: dict[str, Provided]


class Span(NamedTuple):
    """Earliest and latest event time, and the sum of all less the first, ms. Of those that are not that of receipt."""

    first: str | None = None
    last: str | None = None
    after_first: int = 0


EXPECTED = msgspec.convert(yaml.safe_load((HERE / "expected_files.yaml").read_text()), Expected)


@pytest.mark.parametrize("name", EXPECTED.sentences)
def test_a_recording_of_sentences_gives_what_others_find_in_it(name: str) -> None:
    reading = read_file(recording(name))
    assert_every_line_is_accounted_for(reading)
    assert differences(sentences_of(reading), EXPECTED.sentences[name]) == {}


@pytest.mark.parametrize("name", EXPECTED.provided)
def test_a_recording_of_decoded_data_gives_what_its_rows_say(name: str) -> None:
    reading = read_file(recording(name))
    assert_every_line_is_accounted_for(reading)
    assert differences(provided_of(reading), EXPECTED.provided[name]) == {}


def test_no_recording_is_forgotten() -> None:
    skip_without_data()
    files = {str(path.relative_to(DATA)) for folder in FOLDERS for path in (DATA / folder).rglob("*") if path.is_file()}
    assert files == EXPECTED.sentences.keys() | EXPECTED.provided.keys()


def recording(name: str) -> Path:
    skip_without_data()
    return DATA / name


def skip_without_data() -> None:
    if not DATA.is_dir():
        pytest.skip(f"the recordings are not at hand ({DATA})")


def assert_every_line_is_accounted_for(reading: Reading) -> None:
    tally = reading.tally
    assert tally.lines == tally.sentence_lines + tally.data_lines + tally.ignored.total()
    assert tally.records == len(reading.decoded) + len(reading.rejected)


def differences(found: Sentences | Provided, expected: Sentences | Provided) -> dict[str, str]:
    """Field: what was found and what was expected, where they are not equal; of a mapping the keys that differ."""
    pairs = ((name, getattr(found, name), getattr(expected, name)) for name in found.__struct_fields__)
    return {name: "found {}, expected {}".format(*unequal(here, there)) for name, here, there in pairs if here != there}


def unequal(here: object, there: object) -> tuple[object, object]:
    if not (isinstance(here, dict) and isinstance(there, dict)):
        return here, there
    keys = sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))
    return {key: here.get(key) for key in keys}, {key: there.get(key) for key in keys}


def sentences_of(reading: Reading) -> Sentences:
    span = span_of(reading.decoded)
    return Sentences(
        lines=reading.tally.lines,
        sentences=reading.tally.sentences,
        types=types_of(reading.decoded),
        rejected=reasons_of(reading),
        ignored=ignored_of(reading),
        left_over=reading.tally.incomplete_sentences + reading.tally.repeated_parts,
        time_sources=dict(Counter(record.time_source for record in reading.decoded)),
        first=span.first,
        last=span.last,
        after_first=span.after_first,
        vessels=vessels_of(reading.decoded),
        facts=facts_of(reading.decoded),
    )


def provided_of(reading: Reading) -> Provided:
    records = reading.decoded
    span = span_of(records)
    return Provided(
        lines=reading.tally.lines,
        kinds=dict(Counter(kind_of(record) for record in records if not isinstance(record, Static))),
        placed=sum(isinstance(record, HAVE_PLACE) and record.lon is not None for record in records),
        types=types_of(records),
        rejected=reasons_of(reading),
        ignored=ignored_of(reading),
        duplicates=reading.tally.ignored["duplicate_row"],
        time_source=" and ".join(sorted({record.time_source for record in records})) or None,
        first=span.first,
        last=span.last,
        vessels=vessels_of(records),
        box=box_of(records),
        sog=values_of(records, "sog"),
        cog=values_of(records, "cog"),
        heading=values_of(records, "heading"),
        facts=facts_of(records),
    )


def types_of(records: Iterable[Decoded]) -> dict[int, int]:
    return dict(Counter(record.msg_type for record in records if record.msg_type is not None))


def reasons_of(reading: Reading) -> dict[str, int]:
    return dict(Counter(record.reason for record in reading.rejected))


def ignored_of(reading: Reading) -> dict[str, int]:
    """Lines by why they are ignored, but for copies of rows."""
    return {reason: count for reason, count in reading.tally.ignored.items() if reason != "duplicate_row"}


def span_of(records: Iterable[Decoded]) -> Span:
    times = [record.event_time for record in records if record.time_source != "received"]
    if not times:
        return Span()
    first = min(times)
    return Span(first, max(times), sum(clock.to_ms(time) - clock.to_ms(first) for time in times))


def vessels_of(records: Iterable[Decoded]) -> Vessels:
    distinct = {record.mmsi for record in records}
    return Vessels(len(distinct), sum(distinct))


def box_of(records: Iterable[Decoded]) -> tuple[float, ...]:
    """West, south, east, north of all that have coordinates."""
    points = [
        (record.lon, record.lat) for record in records if isinstance(record, HAVE_PLACE) and record.lon is not None
    ]
    if not points:
        return ()
    lons, lats = zip(*points, strict=True)
    return tuple(round(edge, 3) for edge in (min(lons), min(lats), max(lons), max(lats)))


def values_of(records: Iterable[Decoded], name: str) -> Values:
    known = [value for record in records if (value := getattr(record, name, None)) is not None]
    return Values(len(known), round(sum(known)))


def facts_of(records: Sequence[Decoded]) -> dict[str, int]:
    """For each of FACTS how many pairs of a ship or aid and what is said of it there are."""
    found: dict[str, set[tuple[int, int | str]]] = {name: set() for name in FACTS}
    for record in records:
        if isinstance(record, TELL_WHO):
            for name in FACTS:
                value = getattr(record, name, None)
                if value is not None:
                    found[name].add((record.mmsi, value.strip() if isinstance(value, str) else value))
    return {name: len(pairs) for name, pairs in found.items() if pairs}
