"""KML 2.2 with Google's gx:Track: a placemark for each stretch, and in it a time for each point.

https://developers.google.com/kml/documentation/kmlreference#gxtrack
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from fairway.export.formats.named_lines import XML, NamedLine, named_lines
from fairway.export.table import Batch, Table, Writer, times_of

BEGIN = (
    f'{XML}<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n'
    "<Document><name>Fairway</name>\n"
)
END = "</Document></kml>\n"


@contextmanager
def writing(file: BinaryIO, table: Table) -> Iterator[Writer]:
    """Writes a placemark for each stretch, with a time for each of its points."""

    def write(batch: Batch) -> None:
        for stretch in named_lines(batch, table):
            file.write("".join(_placemark(stretch)).encode())

    file.write(BEGIN.encode())
    yield write
    file.write(END.encode())


def _placemark(stretch: NamedLine) -> Iterator[str]:
    yield f"<Placemark><name>{stretch.title}</name>\n<gx:Track><altitudeMode>clampToGround</altitudeMode>\n"
    yield from (f"<when>{time}</when>\n" for time in times_of(stretch.line))
    yield from (f"<gx:coord>{lon:.7f} {lat:.7f} 0</gx:coord>\n" for lon, lat, _ in stretch.line.tolist())
    yield "</gx:Track></Placemark>\n"
