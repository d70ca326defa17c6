"""Targets, routes and texts about them: IMO SN.1/Circ.289 and the IALA collection of application specific messages."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Content, Records, Table, application
from services.decoder.bits import six_bit_text

CIRC_289 = "IMO SN.1/Circ.289"
IALA_VTS = "IALA ASM collection, VTS targets"
TARGET_BITS = 120
WAYPOINT_BITS = 55
MOST_WAYPOINTS = 16
CHARACTERS = 7  # of a target's identifier that is not a number


def _name_target(content: Content) -> None:
    """The identifier as what it is: an MMSI, an IMO number, a call sign or another text."""
    identifier, kind = content.pop("identifier", None), content.pop("identifier_type", None)
    if not isinstance(identifier, int) or not isinstance(kind, int):
        return
    number = {0: "mmsi", 1: "imo"}.get(kind)
    if number:
        content[number] = identifier
    elif text := six_bit_text(identifier, CHARACTERS).partition("@")[0].rstrip(" "):
        content["callsign" if kind == 2 else "label"] = text


_TARGET = Table(
    (
        q.code("identifier_type", 0, 2),
        q.code("identifier", 2, 42, null=0),
        q.degrees("lat", 48, 24, 90, 60_000),
        q.degrees("lon", 72, 25, 180, 60_000),
        q.direction("cog", 97),
        q.number("utc_second", 106, 6, high=59),
        q.number("sog_knots", 112, 8, high=254),
    ),
    finish=_name_target,
    turns={"identifier_type": (), "identifier": ("mmsi", "imo", "callsign", "label")},
)

VTS_TARGETS = Application(
    "iala_vts_targets", IALA_VTS, {0: Table((), (Records("targets", 0, TARGET_BITS, 7, _TARGET),))}
)
SYNTHETIC_TARGETS = Application(
    "imo_vts_targets", CIRC_289, {0: Table((), (Records("targets", 0, TARGET_BITS, 4, _TARGET),))}
)


def _keep_counted(content: Content) -> None:
    """Only as many way points as the message says it has: what follows is padding."""
    count, points = content.get("waypoint_count"), content.get("waypoints")
    if isinstance(count, int) and isinstance(points, list):
        content["waypoints"] = points[:count]


ROUTE = Application(
    "imo_route",
    CIRC_289,
    {
        0: Table(
            (
                q.linkage(0),
                q.code("sender", 10, 3),
                q.code("route_type", 13, 5, null=0),
                *q.date_and_time(18),
                q.duration(38),
                q.number("waypoint_count", 56, 5, high=MOST_WAYPOINTS),
            ),
            (Records("waypoints", 61, WAYPOINT_BITS, MOST_WAYPOINTS, Table(q.fine_place(0))),),
            _keep_counted,
        )
    },
)

TEXT_DESCRIPTION = application("imo_text_description", CIRC_289, q.linkage(0), q.free_text("text", 10, 161))
