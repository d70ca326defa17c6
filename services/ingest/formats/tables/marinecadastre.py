"""NOAA's Marine Cadastre archives: a row a minute and ship, UTC.

2015 to 2023   MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo[,…]
since 2024     mmsi,base_date_time,longitude,latitude,sog,…,vessel_name,imo,call_sign,vessel_type,…,transceiver
2009 to 2014   as others derive it from the geodatabases: coords.x1 and coords.x2 are longitude and latitude, ROT is the raw
               byte (128 not available), ReceiverID is the station

The columns are found by name: their order differs. To 2017 Status is words and VesselType may be the Coast Guard's code
(1001 to 1025), beside which Cargo holds the AIS type. Negative COGs of those years are null: nobody says what they mean.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from fairway.records import Decoded
from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.cells import whole
from services.ingest.formats.tables.columns import Special, by_synonyms
from services.ingest.formats.tables.layout import Layout
from services.ingest.formats.tables.noaa_vessel_types import AIS_TYPE_OF

_SIGNS = {"mmsi", "basedatetime"}
_DERIVED_SIGNS = {"mmsi", "basedatetime", "coordsx1", "coordsx2"}


def _vessel_type(text: str) -> int | None:
    """An AIS type, or the Coast Guard's code as it is."""
    if text[0].isalpha():
        return None
    code = whole(text)
    return code if 1 <= code <= 255 or 1001 <= code <= 1025 else None


_SPECIAL: Special = {
    "ship_type": (_vessel_type, ("vesseltype",)),
    "ship_type.cargo": (q.ship_type, ("cargo",)),
}


def _whole_knots(text: str) -> float | None:
    """Some of these tables cut the decimals off, and with them 102.3, not available, is 102."""
    return q.sog(text) if text != "102" else None


_DERIVED: Special = {
    **_SPECIAL,
    "sog": (_whole_knots, ("sog",)),
    "lon": (q.lon, ("coordsx1",)),
    "lat": (q.lat, ("coordsx2",)),
    "rot": (q.rot_of_byte, ("rot",)),
    "turning": (q.turning_of_byte, ("rot",)),
}


def layout(names: Collection[str]) -> Layout | None:
    """How the archives since 2015 are read, or None for another table."""
    return _combined(by_synonyms("marinecadastre", names, _SPECIAL)) if set(names) >= _SIGNS else None


def derived_layout(names: Collection[str]) -> Layout | None:
    """How tables made of the archives to 2014 are read, or None for another table."""
    if not set(names) >= _DERIVED_SIGNS:
        return None
    return _combined(by_synonyms("marinecadastre derived", names, _DERIVED))


def _combined(found: Layout | None) -> Layout | None:
    return replace(found, combine=_combine, combined=frozenset(["ship_type"])) if found is not None else None


def _combine(record: type[Decoded], fields: dict[str, Any], event_time: str) -> None:
    """VesselType where it is an AIS type, else Cargo, else what the Coast Guard's code comes to."""
    cargo = fields.pop("ship_type.cargo", None)
    code = fields.get("ship_type")
    if code is None or code > 255:
        fields["ship_type"] = cargo or AIS_TYPE_OF.get(code or 0)
