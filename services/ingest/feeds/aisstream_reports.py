"""What comes of aisstream's frames: reports that were asked for go to their zone's feed, the rest is counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import msgspec

from fairway import clock, telemetry
from services.ingest.feeds.zones import Zone
from services.ingest.formats.aisstream import records_of
from services.ingest.line_format import Moment, Tally
from services.ingest.live_feed import LiveFeed

# The service's message types (its documentation, and its published type definitions).
TYPES = (
    "PositionReport",
    "UnknownMessage",
    "AddressedSafetyMessage",
    "AddressedBinaryMessage",
    "AidsToNavigationReport",
    "AssignedModeCommand",
    "BaseStationReport",
    "BinaryAcknowledge",
    "BinaryBroadcastMessage",
    "ChannelManagement",
    "CoordinatedUTCInquiry",
    "DataLinkManagementMessage",
    "DataLinkManagementMessageData",
    "ExtendedClassBPositionReport",
    "GroupAssignmentCommand",
    "GnssBroadcastBinaryMessage",
    "Interrogation",
    "LongRangeAisBroadcastMessage",
    "MultiSlotBinaryMessage",
    "SafetyBroadcastMessage",
    "ShipStaticData",
    "SingleSlotBinaryMessage",
    "StandardClassBPositionReport",
    "StandardSearchAndRescueAircraftReport",
    "StaticDataReport",
)

NOTHING: Mapping[str, Any] = {}


class ServerError(Exception):
    """The server says in a frame that it will not serve us; the text is its own."""


class Reports:
    """Sorts frames. `feeds` holds one for each zone's name, and "" for what belongs to no zone; that one counts the rest."""

    def __init__(
        self,
        tail: str,
        feeds: Mapping[str, LiveFeed],
        *,
        zones: Sequence[Zone] = (),
        types: frozenset[str] = frozenset(),
        mmsi: frozenset[int] = frozenset(),
    ) -> None:
        self.tail = tail
        self.filters_mmsi = bool(mmsi)
        self._feeds = feeds
        self._zones = zones
        self._types = types
        self._mmsi = mmsi

    def take(self, frame: bytes) -> None:
        """Publish what a frame holds, if it was asked for. Raises ServerError."""
        try:
            report = msgspec.json.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._ignore("broken_json")
            return
        if not isinstance(report, dict):
            self._ignore("unknown_json")
        elif "error" in report:
            self._ignore("unknown_json")
            raise ServerError(str(report["error"]))
        else:
            self._take(report)

    def idle(self) -> None:
        """Nothing came for a while."""
        for feed in self._feeds.values():
            feed.idle()

    def hand_over(self) -> None:
        """The connection has ended."""
        for feed in self._feeds.values():
            feed.hand_over()

    def patience_seconds(self, idle: float) -> float:
        """How long `idle` need not be called."""
        return min(feed.patience_seconds(idle) for feed in self._feeds.values())

    def _take(self, report: dict[str, Any]) -> None:
        reason = self._why_unwanted(report)
        zone = None if reason else self._zone(report)
        if zone is None:
            tally = self._feeds[""].tally
            tally.lines += 1
            tally.data_lines += 1
            telemetry.feed_dropped.labels(self.tail, reason or "zone").inc()
            return
        feed = self._feeds[zone]
        taken = records_of(report, feed.tail, feed.times, Moment(clock.now_ms(), 0))
        if not taken:
            self._ignore("unknown_json")
            return
        feed.tally.lines += 1
        feed.tally.data_lines += 1
        feed.take_records(taken)

    def _why_unwanted(self, report: dict[str, Any]) -> str | None:
        if self._types and str(report.get("MessageType")) not in self._types:
            return "type"
        return "mmsi" if self._mmsi and _mmsi_of(report) not in self._mmsi else None

    def _zone(self, report: dict[str, Any]) -> str | None:
        """Its zone's name. A report without a position is of the only zone, or else of none."""
        if not self._zones:
            return ""
        position = _position_of(report)
        if position is None:
            return self._zones[0].name if len(self._zones) == 1 else None
        return next((zone.name for zone in self._zones if zone.holds(*position)), None)

    def _ignore(self, reason: str) -> None:
        tally = self._feeds[""].tally
        tally.lines += 1
        tally.ignored[reason] += 1


def total(feeds: Iterable[LiveFeed]) -> Tally:
    """The tally of all of them."""
    whole = Tally()
    for feed in feeds:
        for each in fields(Tally):
            setattr(whole, each.name, getattr(whole, each.name) + getattr(feed.tally, each.name))
    return whole


def _mmsi_of(report: dict[str, Any]) -> int | None:
    mmsi = _within(report, "MetaData").get("MMSI") or _body(report).get("UserID")
    return mmsi if isinstance(mmsi, int) else None


def _position_of(report: dict[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude: the vessel's last known ones, which the envelope has for every type, or the message's own."""
    for holder, lat, lon in (
        (_within(report, "MetaData"), "latitude", "longitude"),
        (_body(report), "Latitude", "Longitude"),
    ):
        north, east = holder.get(lat), holder.get(lon)
        if isinstance(north, int | float) and isinstance(east, int | float):
            return north, east
    return None


def _body(report: dict[str, Any]) -> Mapping[str, Any]:
    return _within(_within(report, "Message"), str(report.get("MessageType")))


def _within(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else NOTHING
