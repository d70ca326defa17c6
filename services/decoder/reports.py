"""Layouts of what ships, stations, aids and aircraft say of themselves: Messages 1 to 5, 9, 11, 18, 19, 21, 24, 27, 28.

ITU-R M.1371-5, annex 8, under the message named; Message 28 is of M.1371-6. A report without its complete position is too
short.
"""

from fairway.records import Aton, BaseStation, Position, SarAircraft, Static
from services.decoder import fields as f
from services.decoder import rules
from services.decoder.layout import layout

# Messages 1, 2, 3
CLASS_A = layout(
    Position,
    "lat",
    f.nav_status(38),
    *f.rot(42),
    f.sog(50),
    f.flag("accuracy", 60),
    *f.position(61),
    f.cog(116),
    f.heading(128),
    f.second(137),
    f.maneuver(143),
    f.flag("raim", 148),
    f.code("radio", 149, 19),
)

# Messages 4, 11. Bit 138 was spare before edition 4
BASE_STATION = layout(
    BaseStation,
    "lat",
    f.code("utc_year", 38, 14, null=0, high=9999),
    f.month("utc_month", 52),
    f.day("utc_day", 56),
    f.hour("utc_hour", 61),
    f.sixtieth("utc_minute", 66),
    f.sixtieth("utc_second", 72),
    f.flag("accuracy", 78),
    *f.position(79),
    f.fix_type(134),
    f.flag("long_range_control", 138),
    f.flag("raim", 148),
    f.code("radio", 149, 19),
    rules=(rules.assemble_utc,),
)

# Message 5. Units are known that send 422 or 420 bits, or end within the destination: the rest is as good as any
STATIC = layout(
    Static,
    "name",
    f.code("ais_version", 38, 2),
    f.code("imo", 40, 30, null=0),
    f.text("callsign", 70, 7),
    f.text("name", 112, 20),
    f.ship_type(232),
    *f.dimensions(240),
    f.fix_type(270),
    f.month("eta_month", 274),
    f.day("eta_day", 278),
    f.hour("eta_hour", 283),
    f.sixtieth("eta_minute", 288),
    f.draught(294),
    f.text("destination", 302, 20),
    f.inverted_flag("dte", 422),
    rules=(rules.zero_dimensions_are_null, rules.resolve_eta),
)

# Message 9. The bit before `reserved` is the altitude sensor
SAR_AIRCRAFT = layout(
    SarAircraft,
    "lat",
    f.altitude(38),
    f.aircraft_sog(50),
    f.flag("accuracy", 60),
    *f.position(61),
    f.cog(116),
    f.second(128),
    f.flag("altitude_barometric", 134),
    f.code("reserved", 135, 7, null=0),
    f.inverted_flag("dte", 142),
    f.flag("assigned", 146),
    f.flag("raim", 147),
    f.code("radio", 148, 20),
)

# Messages 18 and 19 begin alike
_CLASS_B = (
    f.sog(46),
    f.flag("accuracy", 56),
    *f.position(57),
    f.cog(112),
    f.heading(124),
    f.second(133),
)

# Message 18
CLASS_B = layout(
    Position,
    "lat",
    *_CLASS_B,
    f.flag("cs", 141),
    f.flag("display", 142),
    f.flag("dsc", 143),
    f.flag("band", 144),
    f.flag("msg22", 145),
    f.flag("assigned", 146),
    f.flag("raim", 147),
    f.code("radio", 148, 20),
    rules=(rules.KeepReserved(((38, 8), (139, 2))),),
)

# Message 19
CLASS_B_EXTENDED = layout(
    Position,
    "lat",
    *_CLASS_B,
    f.text("name", 143, 20),
    f.ship_type(263),
    *f.dimensions(271),
    f.fix_type(301),
    f.flag("raim", 305),
    f.inverted_flag("dte", 306),
    f.flag("assigned", 307),
    rules=(rules.KeepReserved(((38, 8), (139, 4))), rules.zero_dimensions_are_null),
)

# Message 21
ATON = layout(
    Aton,
    "lat",
    f.aton_type(38),
    f.text("name", 43, 20),
    f.flag("accuracy", 163),
    *f.position(164),
    *f.dimensions(219),
    f.fix_type(249),
    f.second(253),
    f.flag("off_position", 259),
    f.code("aton_status", 260, 8),
    f.flag("raim", 268),
    f.flag("virtual_aid", 269),
    f.flag("assigned", 270),
    rules=(rules.zero_dimensions_are_null, rules.join_name_extension),
)

# Message 24, part A: some units leave the spare bits out and send 160
STATIC_A = layout(Static, "name", f.text("name", 40, 20), rules=(rules.SayPart("A"),))

_PART_B = (
    f.ship_type(40),
    f.text("vendor_id", 48, 3),
    f.code("vendor_model", 66, 4),
    f.code("vendor_serial", 70, 20),
    f.text("callsign", 90, 7),
    f.fix_type(162),  # spare before edition 5
)

# Message 24, part B
STATIC_B = layout(
    Static,
    "callsign",
    *_PART_B,
    *f.dimensions(132),
    rules=(rules.SayPart("B"), rules.zero_dimensions_are_null),
)

# Message 24, part B of an auxiliary craft: the mother ship's MMSI takes the place of the dimensions
STATIC_B_AUXILIARY = layout(
    Static, "callsign", *_PART_B, f.station("mothership_mmsi", 132), rules=(rules.SayPart("B"),)
)

# Message 27
LONG_RANGE = layout(
    Position,
    "lat",
    f.flag("accuracy", 38),
    f.flag("raim", 39),
    f.nav_status(40),
    *f.coarse_position(44),
    f.coarse_sog(79),
    f.coarse_cog(85),
    f.inverted_flag("gnss", 94),
    rules=(rules.mark_low_resolution,),
)

# Message 28, an aid to navigation in one slot (M.1371-6, A7-3.26, table 84, as pyais and AIS-catcher read it). What the
# record has no field for is left out: restricted use, identity (MRN), kind and size of dimensions, whether it is charted
ATON_SINGLE_SLOT = layout(
    Aton,
    "aton_status",
    f.second(38),
    *f.position(44),
    f.aton_type(104, 7),
    f.code("aton_status", 158, 8),
    rules=(rules.say_virtual(101),),
)
