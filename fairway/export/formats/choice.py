"""Which formats there are: a line for each in FORMATS, and which of them is meant."""

from dataclasses import dataclass
from pathlib import PurePath

from fairway.errors import BadSetting
from fairway.export.formats import csv_rows, geojson, geoparquet, gpx, kml
from fairway.export.table import Writing


@dataclass(frozen=True)
class Format:
    """A format by its name for --format, the endings of its files, and what writes it."""

    name: str
    endings: tuple[str, ...]
    writing: Writing
    is_of_lines: bool = False  # of nothing else


FORMATS = (
    Format("csv", (".csv",), csv_rows.writing),
    Format("geojson", (".geojson", ".json"), geojson.collection),
    Format("geojsonl", (".geojsonl", ".ndjson", ".jsonl"), geojson.lines),
    Format("geoparquet", (".parquet", ".geoparquet"), geoparquet.writing),
    Format("kml", (".kml",), kml.writing, is_of_lines=True),
    Format("gpx", (".gpx",), gpx.writing, is_of_lines=True),
)


def chosen(name: str | None, to: str) -> Format:
    """The format of this name, or without one that of the file's ending. Raises BadSetting."""
    names = ", ".join(each.name for each in FORMATS)
    if name is not None:
        found = next((each for each in FORMATS if each.name == name), None)
        if found is None:
            raise BadSetting(f"--format {name} is not a format; the formats are {names}")
        return found
    ending = PurePath(to).suffix.lower()
    found = next((each for each in FORMATS if ending in each.endings), None)
    if found is None:
        endings = ", ".join(ending for each in FORMATS for ending in each.endings)
        raise BadSetting(f"{to} does not say its format; end it in {endings}, or give --format: {names}")
    return found
