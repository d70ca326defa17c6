"""From drafts to records with their times, and from what cannot be read to rejected records with the reason."""

from collections.abc import Iterable
from typing import Any

import msgspec

from fairway import clock
from fairway.records import Rejected, Static
from services.ingest.event_time import EventTimes
from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes.conversions import Object, Unreadable
from services.ingest.formats.shapes.draft import Draft, Shape
from services.ingest.line_format import Moment, Taken

LONGEST_REJECTED = 16_384  # characters of a rejected object that are kept

_json = msgspec.json.Encoder()


class Recorder:
    """Makes the records of one source."""

    def __init__(self, source: str, times: EventTimes) -> None:
        self._source = source
        self._times = times
        self._known_ms, self._known_text = -1, ""  # the last time of receipt: all lines of a chunk have the same

    def records(self, each: Object, shape: Shape, moment: Moment, event_ms: int | None = None) -> list[Taken]:
        """What `each` of `shape` holds; `event_ms` is the time of what it came in, for objects without their own."""
        try:
            drafts = shape.drafts(each)
        except Unreadable as unreadable:
            return [self._rejected(each, unreadable.reason, moment)]
        return self._stamped(each, drafts, moment, event_ms)

    def _stamped(self, each: Object, drafts: Iterable[Draft], moment: Moment, event_ms: int | None) -> list[Taken]:
        received_ms, station = moment.received_ms, moment.station
        records: list[Taken] = []
        for draft in drafts:
            own = draft.event_ms if draft.event_ms is not None else event_ms
            stamp = self._times.stamp(own, "provider", received_ms)
            if stamp.defect is not None:
                return [self._rejected(each, stamp.defect, moment)]
            values: dict[str, Any] = draft.values
            if draft.kind is Static and "eta_month" in values:
                values["eta"] = arrival.nearest(stamp.event_time, values)
            record = draft.kind(
                source=self._source,
                station=draft.station or station,
                event_time=stamp.event_time,
                received_at=self._received_at(received_ms),
                time_source=stamp.time_source,
                time_shift=stamp.time_shift,
                **values,
            )
            records.append(record)
        return records

    def _received_at(self, received_ms: int) -> str:
        if received_ms != self._known_ms:
            self._known_ms, self._known_text = received_ms, clock.to_text(received_ms)
        return self._known_text

    def _rejected(self, each: Object, reason: str, moment: Moment) -> Rejected:
        received_at = clock.to_text(moment.received_ms)
        return Rejected(
            source=self._source,
            station=moment.station,
            event_time=received_at,
            received_at=received_at,
            time_source="received",
            sentences=(_json.encode(each).decode()[:LONGEST_REJECTED],),
            reason=reason,
        )
