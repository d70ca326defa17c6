"""AISHub's web service as CSV, in its two forms.

As AIS sends it: TIME in epoch seconds, LONGITUDE and LATITUDE in 1/600,000 degree, COG, SOG, DRAUGHT in tenths, ETA as 20 bits.
For people:      TIME 2011-04-12 10:40:27 GMT, degrees, knots, metres, ETA 01-25 12:00.
The header is the same, so that each row is read by the form of its TIME. ROT is the raw signed byte in both.
"""

from collections.abc import Collection

from services.ingest.formats import values
from services.ingest.formats.tables import etas
from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.cells import number
from services.ingest.formats.tables.columns import Special, mmsi_reading, readings, time_reading
from services.ingest.formats.tables.kinds import SHIP
from services.ingest.formats.tables.layout import Layout

_SIGNS = {"mmsi", "time", "longitude", "latitude", "navstat"}
_BESIDES = {"pac", "aisver", "device", "dest"}  # at least one of them
_PER_DEGREE = 600_000
_EITHER: Special = {
    "rot": (q.rot_of_byte, ("rot",)),
    "turning": (q.turning_of_byte, ("rot",)),
    "ship_type": (q.ship_type, ("type",)),
    "accuracy": (q.flag, ("pac",)),
    "to_bow": (q.along, ("a",)),
    "to_stern": (q.along, ("b",)),
    "to_port": (q.across, ("c",)),
    "to_starboard": (q.across, ("d",)),
}
_AS_SENT: Special = {
    **_EITHER,
    "lon": (lambda text: values.degrees_east(number(text) / _PER_DEGREE), ("longitude",)),
    "lat": (lambda text: values.degrees_north(number(text) / _PER_DEGREE), ("latitude",)),
    "sog": (lambda text: values.knots(number(text) / 10), ("sog",)),
    "cog": (lambda text: values.course(number(text) / 10), ("cog",)),
    "draught": (q.draught_tenths, ("draught",)),
    "eta": (etas.of_bits, ("eta",)),
}


def layout(names: Collection[str]) -> Layout | None:
    """How such a table is read, or None when it is another one."""
    found = set(names)
    if not found >= _SIGNS or not found & _BESIDES:
        return None
    mmsi, time = mmsi_reading(names), time_reading(["time"])
    as_sent = Layout("aishub as sent", mmsi, time, readings(names, _AS_SENT), SHIP)
    return Layout(
        "aishub",
        mmsi,
        time,
        readings(names, _EITHER),
        SHIP,
        other=as_sent,
        is_other=("time", lambda text: text.strip().isdigit()),
    )
