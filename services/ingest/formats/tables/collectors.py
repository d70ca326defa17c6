"""Tables that a collector or a study made of decoded AIS, where a column does not mean what its name means elsewhere."""

from collections.abc import Collection

from services.ingest.formats.tables import etas
from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.columns import Special, by_synonyms
from services.ingest.formats.tables.layout import Layout

_RAW_ROT: Special = {"rot": (q.rot_of_byte, ("rot",)), "turning": (q.turning_of_byte, ("rot",))}


def skytruth(names: Collection[str]) -> Layout | None:
    """mmsi,longitude,latitude,timestamp,score,navstat,hdg,rot,cog,sog: ROT is the raw byte, 128 not available."""
    return by_synonyms("skytruth", names, _RAW_ROT) if set(names) >= {"mmsi", "score", "navstat", "hdg"} else None


def digitraffic(names: Collection[str]) -> Layout | None:
    """timestamp,mmsi,name,longitude,latitude,sog,cog,heading,nav_stat,ship_type,destination,eta,draught,pos_acc

    As Fintraffic's service sends it: the ETA as 20 bits, the draught in 1/10 m.
    """
    if not set(names) >= {"mmsi", "navstat", "posacc", "eta", "draught"}:
        return None
    special: Special = {"eta": (etas.of_bits, ("eta",)), "draught": (q.draught_tenths, ("draught",))}
    return by_synonyms("digitraffic", names, special)


def ntnu_ships(names: Collection[str]) -> Layout | None:
    """mmsi;imo;name;callsign;length;width;type;date_min;date_max: from when to when a ship said this; dated by the end."""
    if not set(names) >= {"mmsi", "callsign", "type", "datemin", "datemax"}:
        return None
    return by_synonyms("ntnu ships", names, {"ship_type": (q.ship_type, ("type",))})
