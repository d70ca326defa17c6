"""What is told of the copies that a rule drops: who heard the same transmission, and when."""

from collections.abc import Iterator, Sequence

from fairway import clock, heard
from fairway.heard import HeardCopy
from fairway.messages import Message
from services.filter.reports import NOTHING, Reports
from services.filter.rules.rule import Copies


def message_of(message: Message, reports: Reports, copies: Sequence[Copies]) -> Message:
    """What is published of the copies in a batch, beside its output."""
    told = [line for some in copies for line in _told(reports, some)]
    return message.event(heard.KIND, heard.encode(told), len(told))


def _told(reports: Reports, copies: Copies) -> Iterator[HeardCopy]:
    rows, text = reports.of(copies.rows), reports.texts.text
    columns = [copies.kept_at.tolist()]
    columns += [
        rows[name].tolist() for name in ("event_time", "received_at", "mmsi", "msg_type", "digest", "source", "station")
    ]
    for kept_at, event_time, received_at, mmsi, msg_type, digest, source, station in zip(*columns, strict=True):
        yield HeardCopy(
            kept_time=clock.to_text(kept_at),
            event_time=clock.to_text(event_time),
            received_at=clock.to_text(received_at),
            mmsi=mmsi,
            msg_type=None if msg_type == NOTHING else msg_type,
            digest=None if digest == NOTHING else digest,
            source=text(source),
            station=None if station < 0 else text(station),
        )
