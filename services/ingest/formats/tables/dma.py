"""Archives of the Danish Maritime Authority ("aisdk"): 22 columns to 2018, 26 since.

# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,
Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type[,A,B,C,D]

18/03/2023 00:00:00,Class A,352002266,55.4921,14.7525,Under way using engine,0.7,12.5,241.8,241,Unknown,,,Undefined,,,,…

Times are UTC, day first. Codes are words (dma_codes.py). A row repeats the ship's last static data; many rows come twice.
An unknown position is latitude 91 with longitude 181, or 0 in later years.
"""

from collections.abc import Collection
from typing import Any

from fairway.records import Aton, BaseStation, Decoded, SarAircraft
from services.ingest.formats.tables import dma_codes, etas
from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.columns import Special, mmsi_reading, readings, time_reading
from services.ingest.formats.tables.kinds import DISTRESS, SHIP, Kind
from services.ingest.formats.tables.layout import Layout
from services.ingest.formats.tables.row_times import day_first

_SIGNS = {"timestamp", "typeofmobile", "mmsi", "latitude", "longitude"}
_SPECIAL: Special = {
    "fix_type": (dma_codes.fix_type, ("typeofpositionfixingdevice",)),
    "ship_type": (dma_codes.ship_type, ("shiptype",)),
    "ship_type.cargo": (dma_codes.cargo, ("cargotype",)),
    "eta": (etas.of_day_first, ("eta",)),
    "to_bow": (q.along, ("a",)),
    "to_stern": (q.along, ("b",)),
    "to_port": (q.across, ("c",)),
    "to_starboard": (q.across, ("d",)),
}
_KINDS = {
    "Class A": SHIP,
    "Class B": SHIP,
    "Base Station": Kind(BaseStation),
    "AtoN": Kind(Aton),
    "SAR Airborne": Kind(SarAircraft),
    "Search and Rescue Transponder": DISTRESS,
    "SART": DISTRESS,
    "Man Overboard Device": DISTRESS,
    "EPIRB": DISTRESS,
}


def layout(names: Collection[str]) -> Layout | None:
    """How such a table is read, or None when it is another one."""
    if not set(names) >= _SIGNS:
        return None
    return Layout(
        "dma",
        mmsi_reading(names),
        time_reading(names, day_first),
        readings(names, _SPECIAL),
        SHIP,
        "typeofmobile",
        _KINDS,
        combine=_combine,
        combined=frozenset(["ship_type"]),
    )


def _combine(record: type[Decoded], fields: dict[str, Any], event_time: str) -> None:
    """The category of cargo is the second digit of the type of ship."""
    cargo = fields.pop("ship_type.cargo", None)
    ship_type = fields.get("ship_type")
    if cargo and ship_type in dma_codes.TYPES_WITH_CARGO:
        fields["ship_type"] = ship_type + cargo
