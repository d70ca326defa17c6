"""Finds what lies inside, or outside, of boxes and polygons."""

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from fairway.flags import BITS
from fairway.polygons import files_at, read_polygons
from services.filter.cells import Pieces
from services.filter.offsets import grown
from services.filter.reports import Flags, Places, Reals, Reports
from services.filter.rules.rule import Bits, Rule, RuleOptions, found, from_folder


def _check_box(box: "Box") -> "Box":
    west, south, east, north = box
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("a box is [west, south, east, north] in degrees, south not above north")
    return box


Box = tuple[float, float, float, float]
IN_PLACE = "a polygon in the rules"


class AreaOptions(RuleOptions):
    """Where records are wanted. Boxes and polygons add up; at least one is needed."""

    rule: Literal["area"] = "area"
    keep: Literal["inside", "outside"] = Field(
        "inside",
        description="Which side of the boxes and polygons is kept; with flag and route, which is marked or copied.",
    )
    boxes: tuple[Annotated[Box, AfterValidator(_check_box)], ...] = Field(
        (), description="Boxes [west, south, east, north], degrees; west above east crosses the antimeridian."
    )
    polygons: tuple[str | dict[str, Any], ...] = Field(
        (), description="GeoJSON files or folders of such, by path from the rules file, or geometries written in place."
    )
    buffer_metres: float = Field(
        0.0, ge=0, le=500_000, description="Metres by which the boxes and polygons are larger than they are drawn."
    )
    unlocated: Literal["keep", "drop"] = Field(
        "keep", description="Records without a position: with keep they are never found, with drop always."
    )

    @field_validator("polygons")
    @classmethod
    def _find_files(cls, polygons: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        return tuple(from_folder(each, info) if isinstance(each, str) else each for each in polygons)

    @model_validator(mode="after")
    def _needs_an_area(self) -> "AreaOptions":
        if not self.boxes and not self.polygons:
            raise ValueError("give at least one of boxes and polygons")
        return self

    def files(self) -> tuple[Path, ...]:
        return tuple(file for each in self.polygons if isinstance(each, str) for file in files_at(Path(each)))

    def build(self) -> "Area":
        return Area(self)


class Area(Rule):
    """Judges every record by its own lon and lat; borders belong to the area."""

    def __init__(self, options: AreaOptions) -> None:
        polygons = [polygon for each in options.polygons for polygon in read_polygons(each, name=IN_PLACE)]
        self._boxes = options.boxes
        if options.buffer_metres:
            drawn = [*polygons, *(part for box in options.boxes for part in _parts(box))]
            polygons = [larger for polygon in drawn for larger in grown(polygon, options.buffer_metres)]
            self._boxes = ()
        self._locator = Pieces(polygons).locator() if polygons else None
        self._finds_inside = (options.keep == "inside") == (options.action != "drop")
        self._finds_unlocated = options.unlocated == "drop"

    def judge(self, reports: Reports, rows: Places) -> Bits:
        lon, lat = reports.rows["lon"][rows], reports.rows["lat"][rows]
        finds = np.full(len(rows), self._finds_unlocated)
        located = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
        finds[located] = self._covers(lon[located], lat[located]) == self._finds_inside
        return found(finds, BITS["area"])

    def _covers(self, lon: Reals, lat: Reals) -> Flags:
        covered = self._locator.covers(lon, lat) if self._locator else np.zeros(len(lon), np.bool_)
        for box in self._boxes:
            covered |= _are_in_box(box, lon, lat)
        return covered


def _are_in_box(box: Box, lon: Reals, lat: Reals) -> Flags:
    west, south, east, north = box
    between = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return between & (lat >= south) & (lat <= north)


def _parts(box: Box) -> list[shapely.Polygon]:
    """The box as polygons, cut at the antimeridian."""
    west, south, east, north = box
    if west <= east:
        return [shapely.box(*box)]
    return [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
