"""The shapes that are known, asked in this order. A new provider is one file beside this one and one line here."""

from services.ingest.formats.shapes.aishub import AISHUB
from services.ingest.formats.shapes.aisstream import AISSTREAM
from services.ingest.formats.shapes.barentswatch import BARENTSWATCH
from services.ingest.formats.shapes.conversions import Object
from services.ingest.formats.shapes.digitraffic import DIGITRAFFIC
from services.ingest.formats.shapes.draft import Shape
from services.ingest.formats.shapes.flat import FLAT
from services.ingest.formats.shapes.global_fishing_watch import GLOBAL_FISHING_WATCH
from services.ingest.formats.shapes.gpsd import GPSD

SHAPES: tuple[Shape, ...] = (
    AISSTREAM,
    GPSD,
    GLOBAL_FISHING_WATCH,
    AISHUB,
    BARENTSWATCH,
    DIGITRAFFIC,
    FLAT,
)


def shape_of(each: Object) -> Shape | None:
    """The shape of an object, by its keys alone, so that the same object is always read alike; None when none is known."""
    for shape in SHAPES:
        if shape.claims(each):
            return shape
    return None
