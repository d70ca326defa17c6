"""Keeps only what lies inside, or outside, of boxes and polygons."""

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from services.filter.polygons import PreparedPolygon, read_polygons
from services.filter.reports import Flags, Places, Reals, Reports
from services.filter.rules.rule import Rule, RuleOptions


def _check_box(box: "Box") -> "Box":
    west, south, east, north = box
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("a box is [west, south, east, north] in degrees, south not above north")
    return box


Box = tuple[float, float, float, float]


class AreaOptions(RuleOptions):
    """Where records are wanted. Boxes and polygons add up; at least one is needed."""

    rule: Literal["area"] = "area"
    keep: Literal["inside", "outside"] = Field("inside", description="Which side of the boxes and polygons is kept.")
    boxes: tuple[Annotated[Box, AfterValidator(_check_box)], ...] = Field(
        (), description="Boxes [west, south, east, north], degrees; west above east crosses the antimeridian."
    )
    polygons: tuple[str | dict[str, Any], ...] = Field(
        (), description="GeoJSON files, by path from the rules file, or geometries written in place."
    )
    unlocated: Literal["keep", "drop"] = Field("keep", description="What becomes of records without a position.")

    @field_validator("polygons")
    @classmethod
    def _find_files(cls, polygons: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        folder: Path = (info.context or {}).get("folder", Path())
        return tuple(str(folder / each) if isinstance(each, str) else each for each in polygons)

    @model_validator(mode="after")
    def _needs_an_area(self) -> "AreaOptions":
        if not self.boxes and not self.polygons:
            raise ValueError("give at least one of boxes and polygons")
        return self

    def build(self) -> "Area":
        return Area(self)


class Area(Rule):
    """Judges every record by its own lon and lat; borders belong to the area."""

    def __init__(self, options: AreaOptions) -> None:
        self._boxes = options.boxes
        self._polygons: list[PreparedPolygon] = [
            polygon for each in options.polygons for polygon in read_polygons(each)
        ]
        self._keeps_inside = options.keep == "inside"
        self._keeps_unlocated = options.unlocated == "keep"

    def judge(self, reports: Reports, rows: Places) -> Flags:
        lon, lat = reports.rows["lon"][rows], reports.rows["lat"][rows]
        dropped = np.full(len(rows), not self._keeps_unlocated)
        located = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
        dropped[located] = self._covers(lon[located], lat[located]) != self._keeps_inside
        return dropped

    def _covers(self, lon: Reals, lat: Reals) -> Flags:
        covered = np.zeros(len(lon), np.bool_)
        for box in self._boxes:
            covered |= _are_in_box(box, lon, lat)
        for polygon, bounds in self._polygons:
            near = np.flatnonzero(_are_in_box(bounds, lon, lat) & ~covered)
            covered[near] = shapely.intersects_xy(polygon, lon[near], lat[near])
        return covered


def _are_in_box(box: Box, lon: Reals, lat: Reals) -> Flags:
    west, south, east, north = box
    between = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return between & (lat >= south) & (lat <= north)
