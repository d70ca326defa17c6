"""Streams that change their format from one line to the next."""

import pytest

from fairway.records import Raw
from services.ingest.event_time import EventTimes
from services.ingest.interpreter import Interpreter
from services.ingest.line_format import Moment, one_by_one
from tests.unit.services.ingest.nmea_lines import NOW, SINGLE, sentence

TEXT = sentence(SINGLE).decode()


def read(*lines: str) -> tuple[list[str], Interpreter]:
    """Where the times of the raw records among what the lines hold came from."""
    interpreter = Interpreter("a.b", patience=10, times=EventTimes(60_000), longest_document=10_000)
    taken = interpreter.read([line.encode() for line in lines], Moment(NOW, 0)) + interpreter.finish()
    return [record.time_source for record in one_by_one(taken) if isinstance(record, Raw)], interpreter


@pytest.mark.parametrize(
    "prefix",
    ["[2021-11-01T13:26:28Z] ", "[1635773188] ", "<13>1 2021-11-01T13:26:28Z ais: ", "{2021-11-01T13:26:28Z} "],
)
@pytest.mark.parametrize("before", [TEXT, '{"nmea":"x"}', "<VESSELS>", "text"])
def test_a_sentence_behind_a_prefix_in_brackets_is_no_other_format(prefix: str, before: str) -> None:
    sources, interpreter = read(before, prefix + TEXT, prefix + TEXT)
    assert sources[-2:] == ["prefix", "prefix"]
    assert interpreter.tally.sentences == len(sources)
    assert not interpreter.tally.ignored["broken_json"]


def test_a_table_whose_header_looks_like_a_comment_may_begin_among_sentences() -> None:
    header = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading"
    row = "18/03/2023 00:00:00,Class A,352002266,55.4921,14.7525,Under way using engine,0.7,12.5,241.8,241"
    _, interpreter = read(TEXT, TEXT, "# a note, and more", header, row, TEXT)
    assert dict(interpreter.tally.ignored) == {"comment": 1, "header": 1}
    assert (interpreter.tally.data_lines, interpreter.tally.sentence_lines) == (1, 3)


def test_sentences_in_json_stay_in_json() -> None:
    wrapped = f'{{"timestamp":"2021-11-01T13:26:28Z","nmea":"{TEXT}"}}'
    assert read(wrapped, f"[{wrapped}]", f"[ {wrapped} ]")[0] == ["provider"] * 3


def test_a_stream_may_change_its_format_at_any_line() -> None:
    sources, interpreter = read(TEXT, f'{{"nmea":"{TEXT}"}}', "<x/>", TEXT, "# note", " {}", "MMSI,LAT,LON", TEXT)
    assert sources == ["received"] * 4
    assert interpreter.tally.lines == 8
    assert dict(interpreter.tally.ignored) == {"text": 2, "comment": 1, "unknown_json": 1}
