"""Finds positions of ships on land: a broken receiver, a spoofed position, a transponder on a lorry."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationInfo, field_validator, model_validator

from fairway.errors import BadSetting
from fairway.flags import BITS
from fairway.polygons import files_at, read_polygons
from services.filter.land_mask import MOST_METRES, LandMask
from services.filter.reports import POSITION, Places, Reports
from services.filter.rules.rule import Action, Bits, Rule, RuleOptions, found, from_folder

WHERE_LAND_IS = (
    "Natural Earth has one: geojson/ne_10m_land.geojson in github.com/nvkelso/natural-earth-vector, or from its shapefile with "
    "`ogr2ogr ne_10m_land.geojson ne_10m_land.shp`"
)


class LandOptions(RuleOptions):
    """Ships are at sea, or near enough."""

    rule: Literal["land"] = "land"
    action: Action = Field("flag", description=RuleOptions.model_fields["action"].description)
    mask: str = Field(
        "",
        description="Polygons of land, by path from the rules file: GeoJSON, also gzipped, or a folder of such files.",
    )
    water: tuple[str, ...] = Field(
        (), description="Polygons of lakes, rivers and canals that the land has as land, by path as above."
    )
    coast_metres: float = Field(
        1000.0, ge=0, le=MOST_METRES, description="Metres from the water within which a position on land is not found."
    )

    @field_validator("mask")
    @classmethod
    def _find_mask(cls, mask: str, info: ValidationInfo) -> str:
        return from_folder(mask, info) if mask else mask

    @field_validator("water")
    @classmethod
    def _find_water(cls, water: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return tuple(from_folder(each, info) for each in water)

    @model_validator(mode="after")
    def _needs_a_mask(self) -> "LandOptions":
        if not self.mask:
            raise ValueError(f"name the land with `mask:`; {WHERE_LAND_IS}")
        return self

    def files(self) -> tuple[Path, ...]:
        return tuple(file for path in (self.mask, *self.water) for file in files_at(Path(path)))

    def build(self) -> "Land":
        if not Path(self.mask).exists():
            raise BadSetting(f"the land mask {self.mask} is not there; {WHERE_LAND_IS}")
        return Land(_mask(_versions(self.mask), _versions(*self.water), self.coast_metres))


class Land(Rule):
    """Judges positions of ships. Base stations and aids stand on land, aircraft fly over it, distress beacons may be there."""

    def __init__(self, mask: LandMask) -> None:
        self._mask = mask

    def judge(self, reports: Reports, rows: Places) -> Bits:
        some = reports.of(rows)
        lon, lat = some["lon"], some["lat"]
        ashore = (some["kind"] == POSITION) & ~(np.isnan(lon) | np.isnan(lat) | reports.are_rescue[rows])
        asked = np.flatnonzero(ashore)
        ashore[asked] = self._mask.covers(lon[asked], lat[asked])
        return found(ashore, BITS["land"])


Version = tuple[str, int, int]  # of a file: its path, time of change and size


def _versions(*paths: str) -> tuple[Version, ...]:
    """Of all files that are to be read. Raises BadSetting."""
    try:
        stats = [(str(file), file.stat()) for path in paths for file in files_at(Path(path))]
    except OSError as error:
        raise BadSetting(f"{error.filename} cannot be read: {error.strerror}") from None
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=2)
def _mask(land: tuple[Version, ...], water: tuple[Version, ...], coast_metres: float) -> LandMask:
    """A mask takes seconds to make; rules with an override, and rules that are read anew, share it."""
    on_land, on_water = (
        [polygon for path, *_ in files for polygon in read_polygons(path, repairs=True)] for files in (land, water)
    )
    return LandMask(on_land, on_water, coast_metres)
