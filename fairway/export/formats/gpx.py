"""GPX 1.1 (https://www.topografix.com/GPX/1/1/): a track for each vessel, a segment for each stretch, a time for each point."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from fairway.export.formats.named_lines import XML, NamedLine, named_lines
from fairway.export.table import Batch, Table, Writer, times_of

BEGIN = f'{XML}<gpx version="1.1" creator="Fairway" xmlns="http://www.topografix.com/GPX/1/1">\n'
END = "</gpx>\n"


@contextmanager
def writing(file: BinaryIO, table: Table) -> Iterator[Writer]:
    """Writes stretches; those of one vessel that follow each other are one track."""
    vessel: int | None = None

    def write(batch: Batch) -> None:
        nonlocal vessel
        for stretch in named_lines(batch, table):
            if stretch.mmsi != vessel:
                _write(file, "" if vessel is None else "</trk>\n", f"<trk><name>{stretch.title}</name>\n")
                vessel = stretch.mmsi
            _write(file, *_segment(stretch))

    _write(file, BEGIN)
    yield write
    _write(file, "" if vessel is None else "</trk>\n", END)


def _segment(stretch: NamedLine) -> Iterator[str]:
    yield "<trkseg>\n"
    for (lon, lat, _), time in zip(stretch.line.tolist(), times_of(stretch.line), strict=True):
        yield f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{time}</time></trkpt>\n'
    yield "</trkseg>\n"


def _write(file: BinaryIO, *parts: str) -> None:
    file.write("".join(parts).encode())
