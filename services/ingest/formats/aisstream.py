"""A frame of aisstream.io to records, for the live client and for files of recorded frames alike."""

from collections.abc import Mapping

from services.ingest.event_time import EventTimes
from services.ingest.formats.shapes.aisstream import AISSTREAM
from services.ingest.formats.shapes.recording import Recorder
from services.ingest.line_format import Moment, Taken


def records_of(frame: object, source: str, times: EventTimes, moment: Moment) -> list[Taken]:
    """The record of a frame, as decoded from JSON, or a Rejected; empty when the frame is no report that we know."""
    if not isinstance(frame, Mapping) or not AISSTREAM.claims(frame):
        return []
    return Recorder(source, times).records(frame, AISSTREAM, moment)
