"""Recordings of JSON feeds, where they are at hand: everything in them is read, and says what our decoder says."""

import gzip
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from fairway import clock
from fairway.records import Decoded, Raw
from services.decoder.decoding import decode_one
from services.ingest.event_time import EventTimes
from services.ingest.formats.json_lines import JsonFormat
from services.ingest.formats.shapes.gpsd import GPSD
from services.ingest.formats.shapes.recording import Recorder
from services.ingest.line_format import Moment, Taken, Tally

DATA = Path(__file__).parents[6] / "shared" / "data"
NOW = clock.to_ms("2026-01-02T03:04:05.678Z")
RECORDS = {  # what each recording holds, counted by other means
    "decoded/aishub_api_rotterdam_2018.json": 654 * 2,
    "decoded/aisstream_leixoes_bridge.json": 25,
    "decoded/digitraffic_2017_current_ais.json": 149,
    "decoded/digitraffic_locations_20250303.json": 1138,
    "decoded/gfw_messages_20170921.json": 733,
    "decoded/snippets_aisstream.jsonl": 1,
    "decoded/snippets_barentswatch.jsonl": 2,
    "decoded/tool_output_gpsdecode_kystverket2019.jsonl": 871,
    "decoded/orbcomm_gpsdio_224108190.jsonl.gz": 592,
    "decoded/orbcomm_gpsdio_227317360.jsonl.gz": 223,
    "decoded/orbcomm_gpsdio_600011817.jsonl.gz": 187,
    "labelled/gfw_416000000_points.json": 1668,
    "labelled/gfw_416000000_segmented.json": 1668,
    "labelled/gfw_segment_regression/regr_229000611.json.gz": 1380,
}
OF_THE_SENTENCE = {"talker", "digest", "missing", "channel"}
COARSE_OR_ABSENT = {"rot", "assigned"}  # gpsdecode rounds turns to degrees and leaves the assigned flag out


class NoFramer:
    def read_wrapped(self, text: bytes, moment: Moment, event_ms: int | None, out: list[Taken]) -> bool:
        return False


def lines_of(name: str) -> list[bytes]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the recordings are not at hand ({name})")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return content.splitlines()


@pytest.mark.parametrize("name", RECORDS)
def test_every_object_of_a_recording_is_read(name: str) -> None:
    tally, out, lines = Tally(), list[Taken](), lines_of(name)
    reader = JsonFormat("x", times=EventTimes(60_000), tally=tally, framer=NoFramer(), longest_bytes=1 << 26)
    assert reader.read(lines, 0, Moment(NOW, 0), out) == len(lines)
    reader.finish(out)
    assert (tally.decoded, tally.rejected, tally.ignored) == (RECORDS[name], {}, {})
    assert tally.data_lines == tally.lines == len(lines)


def test_ais_catchers_fields_say_what_our_decoder_reads_in_its_sentences() -> None:
    messages = [msgspec.json.decode(line) for line in lines_of("decoded/tool_output_aiscatcher_kystverket2019.jsonl")]
    assert differences([(each, each["nmea"]) for each in messages], OF_THE_SENTENCE) == {}


def test_gpsds_fields_say_what_our_decoder_reads() -> None:
    """gpsdecode joins the parts of type 24; else it has the messages of the other file in the same order."""
    catcher = [msgspec.json.decode(line) for line in lines_of("decoded/tool_output_aiscatcher_kystverket2019.jsonl")]
    gpsd = [msgspec.json.decode(line) for line in lines_of("decoded/tool_output_gpsdecode_kystverket2019.jsonl")]
    sentences = [each["nmea"] for each in catcher if each["type"] != 24]
    assert differences(list(zip(gpsd, sentences, strict=True)), OF_THE_SENTENCE | COARSE_OR_ABSENT) == {}


def differences(pairs: list[tuple[dict[str, object], list[str]]], without: set[str]) -> Counter[tuple[str, int | None]]:
    """How many values differ, by field and message type; positions by more than 1/100,000 degree, the rest at all."""
    recorder, found = Recorder("x", EventTimes(60_000)), Counter[tuple[str, int | None]]()
    for each, sentences in pairs:
        [theirs] = recorder.records(each, GPSD, Moment(NOW, 0))
        ours = decode_one(
            Raw(
                source="x",
                event_time=theirs.event_time,
                received_at=theirs.received_at,
                time_source=theirs.time_source,
                sentences=tuple(sentences),
            )
        )
        assert isinstance(ours, Decoded)
        assert type(ours) is type(theirs)
        for name in set(ours.__struct_fields__) - without:
            one, other = getattr(ours, name), getattr(theirs, name)
            is_near = isinstance(one, float) and isinstance(other, float) and abs(one - other) < 1.1e-5
            found[name, ours.msg_type] += one != other and not is_near
    return +found
