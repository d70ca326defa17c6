"""Area notices: IMO SN.1/Circ.289 (1/22 broadcast, 1/23 addressed) and the US Coast Guard's geographic notice (367/22).

A notice is a head and up to ten sub areas. A circle of radius 0 is a point; a polyline or polygon goes on from the sub area
before it, by bearings and distances; a text says more about what stands before it.
"""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Content, Finish, Kinds, Records, Table
from services.decoder.fields import Field

CIRC_289 = "IMO SN.1/Circ.289"
GEOGRAPHIC_NOTICE = "US Coast Guard Geographic Notice release 1b, as in libais"
SHAPE_BITS = 3
MOST_AREAS = 10
POINTS = 4  # of each polyline or polygon
_SCALE = q.code("scale", 3, 2)  # power of ten of the lengths beside it
_NO_SCALE: dict[str, tuple[str, ...]] = {"scale": ()}


def _scaled(*names: str) -> Finish:
    """Multiplies the lengths of a sub area by its power of ten, and forgets the power."""

    def finish(content: Content) -> None:
        factor = _factor(content)
        for name in names:
            _stretch(content, name, factor)

    return finish


def _scale_points(content: Content) -> None:
    factor = _factor(content)
    points = content["points"]
    assert isinstance(points, list)
    for point in points:
        if isinstance(point, dict):
            _stretch(point, "distance_metres", factor)


def _factor(content: Content) -> int:
    scale = content.pop("scale", 0)
    return 10**scale if isinstance(scale, int) else 1


def _stretch(content: Content, name: str, factor: int) -> None:
    length = content.get(name)
    if isinstance(length, int):
        content[name] = length * factor


def _shapes(place: tuple[Field, Field], distance_bits: int, characters: int) -> dict[int, tuple[str, Table]]:
    """The six kinds of sub area; Circ.289 and the Coast Guard differ in how fine positions and distances are."""
    after = place[1].end
    centre = (_SCALE, *place, q.code("precision", after, 3))
    radius = q.code("radius_metres", after + 3, 12)
    circle = Table((*centre, radius), finish=_scaled("radius_metres"), turns=_NO_SCALE)
    rectangle = Table(
        (
            *centre,
            q.code("east_metres", after + 3, 8),
            q.code("north_metres", after + 11, 8),
            q.direction("orientation", after + 19),
        ),
        finish=_scaled("east_metres", "north_metres"),
        turns=_NO_SCALE,
    )
    sector = Table(
        (*centre, radius, q.direction("left_boundary", after + 15), q.direction("right_boundary", after + 24)),
        finish=_scaled("radius_metres"),
        turns=_NO_SCALE,
    )
    leg = Table(
        (q.tenths("bearing_degrees", 0, 10, 719, step=5), q.code("distance_metres", 10, distance_bits, null=0)),
    )
    legs = Records("points", 5, 10 + distance_bits, POINTS, leg, key="distance_metres")
    line = Table((_SCALE,), (legs,), _scale_points, _NO_SCALE)
    words = Table((q.free_text("text", SHAPE_BITS, characters),))
    return {
        0: ("circle", circle),
        1: ("rectangle", rectangle),
        2: ("sector", sector),
        3: ("polyline", line),
        4: ("polygon", line),
        5: ("text", words),
    }


_SHAPES_289 = _shapes(q.place(5), distance_bits=10, characters=14)
_SHAPES_US = _shapes(q.fine_place(5), distance_bits=11, characters=15)

# 126 cancels the area of that linkage, 127 is undefined, the default
AREA_NOTICE = Application(
    "imo_area_notice",
    CIRC_289,
    {
        0: Table(
            (q.linkage(0), q.code("notice", 10, 7, null=127), *q.date_and_time(17), q.duration(37)),
            (Records("areas", 55, 87, MOST_AREAS, Kinds("shape", 0, SHAPE_BITS, _SHAPES_289)),),
        )
    },
)

US_GEOGRAPHIC_NOTICE = Application(
    "us_geographic_notice",
    GEOGRAPHIC_NOTICE,
    {
        0: Table(
            (
                q.code("version", 0, 6),
                q.linkage(6),
                q.code("notice", 16, 7, null=127),
                *q.date_and_time(23),
                q.duration(43),
            ),
            (Records("areas", 64, 96, MOST_AREAS, Kinds("shape", 0, SHAPE_BITS, _SHAPES_US)),),
        )
    },
)
