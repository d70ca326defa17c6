"""Objects of providers to records, for the tests of the shapes."""

import msgspec

from fairway import clock
from services.ingest.event_time import EventTimes
from services.ingest.formats.shapes.listing import shape_of
from services.ingest.formats.shapes.opening import objects
from services.ingest.formats.shapes.recording import Recorder
from services.ingest.line_format import Moment, Taken

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")


def records(text: str) -> list[Taken]:
    recorder, moment = Recorder("coastal.test", EventTimes(60_000)), Moment(NOW, 0)
    out: list[Taken] = []
    for found in objects(msgspec.json.decode(text)):
        shape = shape_of(found.each)
        if shape is not None:
            out += recorder.records(found.each, shape, moment, found.event_ms)
    return out


def fields(record: Taken) -> dict[str, object]:
    """What a record says besides where it came from."""
    said = msgspec.json.decode(msgspec.json.encode(record))
    return {name: value for name, value in said.items() if name not in ("source", "received_at", "time_source", "kind")}


def one(text: str) -> Taken:
    [record] = records(text)
    return record
