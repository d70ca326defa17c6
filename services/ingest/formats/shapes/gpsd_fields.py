"""The fields of gpsd's objects, by AIS message type: scaled, or as the message has them."""

from collections.abc import Mapping

from fairway.records import Aton, BaseStation, Binary, Decoded, Other, Position, Safety, SarAircraft, Static
from services.ingest.formats import values
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Plan, measure, plan
from services.ingest.formats.shapes.draft import KIND_OF_TYPE

_HEAD = plan(repeat=("repeat", c.REPEAT), channel=("channel", c.text))


def _flags(*names: str) -> Plan:
    return plan(**{name: (name, c.flag) for name in names})


def _codes(**keys: str) -> Plan:
    """Numbers as sent, without sentinel."""
    return plan(**{name: (key, c.code(0, values.most(name))) for name, key in keys.items()})


def _used(**keys: str) -> Plan:
    """Numbers as sent, and stations; 0 stands for none."""
    return plan(**{name: (key, c.code(1, values.most(name))) for name, key in keys.items()})


def _position(per_degree: int) -> Plan:
    return plan(
        lon=("lon", measure(values.degrees_east, per_degree)), lat=("lat", measure(values.degrees_north, per_degree))
    )


def _corners(per_degree: int) -> Plan:
    east, north = measure(values.degrees_east, per_degree), measure(values.degrees_north, per_degree)
    return plan(ne_lon=("ne_lon", east), ne_lat=("ne_lat", north), sw_lon=("sw_lon", east), sw_lat=("sw_lat", north))


_DIMENSIONS = plan(
    to_bow=("to_bow", c.TO_BOW),
    to_stern=("to_stern", c.TO_STERN),
    to_port=("to_port", c.TO_PORT),
    to_starboard=("to_starboard", c.TO_STARBOARD),
)
_SHIP = (*plan(name=("shipname", c.text), ship_type=("shiptype", c.SHIP_TYPE)), *_DIMENSIONS)
_FIX = plan(fix_type=("epfd", c.FIX_TYPE))
_SECOND = plan(second=("second", c.SECOND))
_RADIO = plan(radio=("radio", c.RADIO))
_DTE = plan(dte=("dte", c.inverted_flag))
_APPLICATION = _codes(dac="dac", fid="fid")


def _kinds(scaled: bool) -> dict[type[Decoded] | int, Plan]:
    """What is read for a message type, or else for its kind."""
    fine, coarse, tenth = (1, 1, 1) if scaled else (600_000, 600, 10)
    sog = plan(sog=("speed", measure(values.knots, tenth)))
    cog = plan(cog=("course", measure(values.course, tenth)))
    heading = plan(heading=("heading", c.HEADING))
    status = plan(nav_status=("status", c.NAV_STATUS))
    seen = _flags("accuracy", "raim")
    moving: Plan = (*_position(fine), *sog, *cog, *heading, *_SECOND, *seen)
    coarse_motion = plan(sog=("speed", measure(c.coarse_knots)), cog=("course", measure(values.course)))
    return {
        Position: (*moving, *status, *plan(maneuver=("maneuver", c.MANEUVER)), *_RADIO),
        18: (*moving, *_flags("cs", "display", "dsc", "band", "msg22", "assigned"), *_RADIO),
        19: (*moving, *_SHIP, *_FIX, *_DTE, *_flags("assigned")),
        27: (*_position(coarse), *coarse_motion, *status, *seen),
        BaseStation: (*_position(fine), *_FIX, *seen, *_RADIO),
        Static: (
            *_codes(ais_version="ais_version"),
            *plan(imo=("imo", c.imo), callsign=("callsign", c.text)),
            *_SHIP,
            *_FIX,
            *plan(draught=("draught", measure(values.draught, tenth)), destination=("destination", c.text)),
            *_DTE,
        ),
        24: (
            *plan(callsign=("callsign", c.text), vendor_id=("vendorid", _vendor)),
            *plan(vendor_id=("vendor_id", _vendor)),
            *_codes(vendor_model="model", vendor_serial="serial"),
            *_SHIP,
            *_FIX,
            *_used(mothership_mmsi="mothership_mmsi"),
        ),
        SarAircraft: (
            *_position(fine),
            *cog,
            *plan(sog=("speed", measure(c.aircraft_knots)), altitude=("alt", c.code(0, 4094))),
            *plan(altitude_barometric=("alt_sensor", c.flag)),
            *_SECOND,
            *seen,
            *_flags("assigned"),
            *_DTE,
            *_RADIO,
        ),
        Aton: (
            *plan(aton_type=("aid_type", c.ATON_TYPE), name=("name", c.text)),
            *_position(fine),
            *_DIMENSIONS,
            *_FIX,
            *_SECOND,
            *seen,
            *_codes(aton_status="regional"),
            *_codes(aton_status="aton_status"),
            *_flags("off_position", "virtual_aid", "assigned"),
        ),
        Safety: (
            *_codes(seqno="seqno"),
            *_used(dest_mmsi="dest_mmsi"),
            *_flags("retransmit"),
            *plan(text=("text", c.free_text)),
        ),
        Binary: (*_codes(seqno="seqno"), *_used(dest_mmsi="dest_mmsi"), *_flags("retransmit"), *_APPLICATION),
        17: _position(coarse),
        10: _used(dest_mmsi_1="dest_mmsi"),
        15: (
            *_used(dest_mmsi_1="mmsi1", dest_mmsi_2="mmsi2"),
            *_used(type_1_1="type1_1", type_1_2="type1_2", type_2_1="type2_1"),
            *_codes(offset_1_1="offset1_1", offset_1_2="offset1_2", offset_2_1="offset2_1"),
        ),
        16: (
            *_used(dest_mmsi_1="mmsi1", dest_mmsi_2="mmsi2"),
            *_codes(offset_1="offset1", increment_1="increment1", offset_2="offset2", increment_2="increment2"),
        ),
        20: tuple(
            entry
            for place in "1234"
            for entry in (
                *_used(**{f"{name}_{place}": f"{name}{place}" for name in ("offset", "number", "timeout")}),
                *_codes(**{f"increment_{place}": f"increment{place}"}),
            )
        ),
        22: (
            *_used(channel_a="channel_a", channel_b="channel_b", dest_mmsi_1="dest1", dest_mmsi_2="dest2"),
            *_codes(txrx="txrx", zone_size="zonesize"),
            *plan(power_low=("power", c.flag)),
            *_flags("addressed", "band_a", "band_b"),
            *_corners(coarse),
        ),
        23: (
            *_corners(coarse),
            *_codes(station_type="stationtype", txrx="txrx", interval="interval"),
            *_codes(station_type="station_type"),
            *plan(ship_type=("shiptype", c.SHIP_TYPE), quiet=("quiet", c.code(1, 15))),
        ),
        Other: tuple(
            entry
            for place in "1234"
            for entry in (
                *_used(**{f"dest_mmsi_{place}": f"mmsi{place}"}),
                *_codes(**{f"seqno_{place}": f"mmsiseq{place}"}),
            )
        ),
    }


def _vendor(value: object) -> str | None:
    """The maker's three letters; gpsd of old writes the model and serial number behind them as if they were text."""
    found = c.text(value)
    return found[:3] if found else None


def _by_type(scaled: bool) -> Mapping[int, Plan]:
    kinds = _kinds(scaled)
    return {
        msg_type: (*_HEAD, *(kinds[msg_type] if msg_type in kinds else kinds[kind]))
        for msg_type, kind in KIND_OF_TYPE.items()
    }


BY_TYPE: Mapping[bool, Mapping[int, Plan]] = {True: _by_type(True), False: _by_type(False)}
