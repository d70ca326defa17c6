"""The values that cross the broker: flat records, the same names from socket to screen.

A message body is NDJSON, one record a line; `kind` says which record it is. A field that is null is left out of the line.
Times are text of one fixed form (see clock.py). Field widths, scales and "not available" values: ITU-R M.1371-5, Annex 8.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta, Struct

Mmsi = Annotated[int, Meta(description="Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823")]
Lon = Annotated[float | None, Meta(description="Longitude, WGS 84, degrees east")]
Lat = Annotated[float | None, Meta(description="Latitude, WGS 84, degrees north")]
Sog = Annotated[
    float | None, Meta(description="Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)")
]
Cog = Annotated[float | None, Meta(description="Course over ground, degrees from true north")]
Accuracy = Annotated[bool | None, Meta(description="Position accuracy: true means better than 10 m")]
Raim = Annotated[bool | None, Meta(description="Receiver autonomous integrity monitoring is in use")]
Second = Annotated[
    int | None, Meta(description="UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative")
]
Radio = Annotated[int | None, Meta(description="Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)")]
Assigned = Annotated[bool | None, Meta(description="The station works in assigned mode")]
FixType = Annotated[int | None, Meta(description="Type of position fixing device, 1 GPS … 8 Galileo, 15 internal")]
Dte = Annotated[bool | None, Meta(description="The sender's data terminal is ready (sent as 0 for ready)")]
Name = Annotated[str | None, Meta(description="Name, six-bit text without padding")]
ShipType = Annotated[int | None, Meta(description="Type of ship and cargo, code 1 to 255")]
ToBow = Annotated[int | None, Meta(description="Reference point to bow, metres")]
ToStern = Annotated[int | None, Meta(description="Reference point to stern, metres")]
ToPort = Annotated[int | None, Meta(description="Reference point to port side, metres")]
ToStarboard = Annotated[int | None, Meta(description="Reference point to starboard side, metres")]
DestMmsi = Annotated[int | None, Meta(description="MMSI the message is addressed to")]
Dac = Annotated[int | None, Meta(description="Designated area code of the application")]
Fid = Annotated[int | None, Meta(description="Function identifier of the application")]
AisClass = Annotated[
    str | None, Meta(description="Class of the unit, A or B, where a provider says it instead of the message type")
]
Retransmit = Annotated[bool | None, Meta(description="The message was sent again")]
SeqNo = Annotated[int | None, Meta(description="Sequence number of an addressed message, 0 to 3")]


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="kind"):
    """What every record carries: where it came from and when."""

    source: Annotated[str, Meta(description="Tail of the routing key, for example coastal.denmark")]
    station: Annotated[
        str | None, Meta(description="Who received it: tag block s, or the sender's network address")
    ] = None
    event_time: Annotated[str, Meta(description="When it was transmitted or first received ashore, RFC 3339 UTC")]
    received_at: Annotated[str, Meta(description="When we got it, RFC 3339 UTC")]
    time_source: Annotated[str, Meta(description="Where event_time came from, one of TIME_SOURCES")]
    time_shift: Annotated[
        float | None, Meta(description="Seconds added to the stamp to correct its clock; event_time has them in it")
    ] = None


class Raw(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="raw"):
    """One AIS message as it arrived: its sentence, or all sentences of a multi-part message in order."""

    sentences: Annotated[
        tuple[str, ...], Meta(description="NMEA 0183 VDM/VDO sentences without tag block, in part order")
    ]
    tag_block: Annotated[str | None, Meta(description="Text of the first sentence's tag block, without checksum")] = (
        None
    )
    defect: Annotated[str | None, Meta(description="Why it cannot be decoded, one of REASONS, found while framing")] = (
        None
    )


class Rejected(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="rejected"):
    """A raw record, or a row or object of a decoded feed, that cannot become a decoded record, and why."""

    sentences: Annotated[tuple[str, ...], Meta(description="The sentences, or the row or object, as they arrived")]
    reason: Annotated[str, Meta(description="Why, one of REASONS")]


class Decoded(Record, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What every decoded record carries besides."""

    mmsi: Mmsi
    msg_type: Annotated[
        int | None, Meta(description="AIS message type, 1 to 28; null where a provider of decoded data does not say")
    ] = None
    repeat: Annotated[int | None, Meta(description="Repeat indicator, 0 to 3")] = None
    channel: Annotated[str | None, Meta(description="VHF channel as sent in the sentence: A, B, 1, 2, …")] = None
    talker: Annotated[str | None, Meta(description="NMEA talker, for example AI or BS")] = None
    own_ship: Annotated[bool, Meta(description="Own ship's report (VDO) rather than another's (VDM)")] = False
    digest: Annotated[
        int | None, Meta(description="CRC-32 of the payload: the same transmission heard twice has the same")
    ] = None
    missing: Annotated[
        str | None, Meta(description="Names of the fields that a message cut short has lost, with commas between")
    ] = None
    flags: Annotated[
        int | None, Meta(description="What the filter found odd about it, a sum of bits: see Filtering, Flags")
    ] = None


class Position(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="position"):
    """Where a ship is: types 1, 2, 3 (class A), 18, 19 (class B), 27 (long range). Type 19 also carries static data."""

    lon: Lon = None
    lat: Lat = None
    low_resolution: Annotated[
        bool, Meta(description="Type 27: the position is to a tenth of a minute, sog to a knot")
    ] = False
    sog: Sog = None
    cog: Cog = None
    heading: Annotated[int | None, Meta(description="True heading, degrees")] = None
    rot: Annotated[float | None, Meta(description="Rate of turn, degrees/minute, positive to starboard")] = None
    turning: Annotated[
        str | None, Meta(description="left or right: turns faster than 5 degrees in 30 s, no turn indicator")
    ] = None
    nav_status: Annotated[int | None, Meta(description="Navigation status, code 0 to 14")] = None
    accuracy: Accuracy = None
    second: Second = None
    maneuver: Annotated[int | None, Meta(description="Special manoeuvre: 1 not engaged, 2 engaged")] = None
    raim: Raim = None
    radio: Radio = None
    cs: Annotated[
        bool | None, Meta(description="Class B unit is carrier-sense (CS) rather than self-organised (SO)")
    ] = None
    display: Annotated[bool | None, Meta(description="Class B unit has a display")] = None
    dsc: Annotated[bool | None, Meta(description="Class B unit has digital selective calling")] = None
    band: Annotated[bool | None, Meta(description="Class B unit works over the whole marine band")] = None
    msg22: Annotated[bool | None, Meta(description="Class B unit obeys channel management by type 22")] = None
    assigned: Assigned = None
    gnss: Annotated[
        bool | None, Meta(description="Type 27: the position is the current GNSS one (sent as 0 for yes)")
    ] = None
    reserved: Annotated[int | None, Meta(description="Regional or reserved bits of type 18 and 19 when not zero")] = (
        None
    )
    name: Name = None
    ship_type: ShipType = None
    to_bow: ToBow = None
    to_stern: ToStern = None
    to_port: ToPort = None
    to_starboard: ToStarboard = None
    fix_type: FixType = None
    dte: Dte = None
    ais_class: AisClass = None


class Static(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="static"):
    """Who a ship is and where it goes: type 5 (class A), type 24 part A and B (class B)."""

    part: Annotated[str | None, Meta(description="Part of a type 24: A or B")] = None
    ais_version: Annotated[
        int | None, Meta(description="Edition of M.1371 the unit follows: 0 means -1, 1 means -3, 2 means -5")
    ] = None
    imo: Annotated[int | None, Meta(description="IMO ship identification number")] = None
    callsign: Annotated[str | None, Meta(description="Call sign")] = None
    name: Name = None
    ship_type: ShipType = None
    to_bow: ToBow = None
    to_stern: ToStern = None
    to_port: ToPort = None
    to_starboard: ToStarboard = None
    fix_type: FixType = None
    eta: Annotated[
        str | None, Meta(description="Estimated time of arrival, RFC 3339 UTC; the year nearest to event_time")
    ] = None
    eta_month: Annotated[int | None, Meta(description="Month of the ETA as sent, 1 to 12")] = None
    eta_day: Annotated[int | None, Meta(description="Day of the ETA as sent, 1 to 31")] = None
    eta_hour: Annotated[int | None, Meta(description="Hour of the ETA as sent, UTC, 0 to 23")] = None
    eta_minute: Annotated[int | None, Meta(description="Minute of the ETA as sent, 0 to 59")] = None
    draught: Annotated[float | None, Meta(description="Present static draught, metres (25.5 means 25.5 or more)")] = (
        None
    )
    destination: Annotated[str | None, Meta(description="Destination as typed by the crew")] = None
    dte: Dte = None
    vendor_id: Annotated[str | None, Meta(description="Maker of the class B unit, three letters")] = None
    vendor_model: Annotated[int | None, Meta(description="Maker's model code of the class B unit")] = None
    vendor_serial: Annotated[int | None, Meta(description="Serial number of the class B unit")] = None
    mothership_mmsi: Annotated[int | None, Meta(description="MMSI of the mother ship of an auxiliary craft")] = None
    ais_class: AisClass = None
    length: Annotated[
        float | None, Meta(description="Length, metres, where a provider gives it instead of to_bow and to_stern")
    ] = None
    width: Annotated[
        float | None, Meta(description="Width, metres, where a provider gives it instead of to_port and to_starboard")
    ] = None


class BaseStation(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="base_station"):
    """A shore station's report (type 4) or an answer with UTC and date (type 11)."""

    utc_time: Annotated[
        str | None, Meta(description="The station's clock, RFC 3339 UTC; null unless all its parts are sound")
    ] = None
    utc_year: Annotated[int | None, Meta(description="Year of the station's clock")] = None
    utc_month: Annotated[int | None, Meta(description="Month of the station's clock")] = None
    utc_day: Annotated[int | None, Meta(description="Day of the station's clock")] = None
    utc_hour: Annotated[int | None, Meta(description="Hour of the station's clock")] = None
    utc_minute: Annotated[int | None, Meta(description="Minute of the station's clock")] = None
    utc_second: Annotated[int | None, Meta(description="Second of the station's clock")] = None
    accuracy: Accuracy = None
    lon: Lon = None
    lat: Lat = None
    fix_type: FixType = None
    long_range_control: Annotated[
        bool | None, Meta(description="Asks class A ships to send type 27 even within this station's reach")
    ] = None
    raim: Raim = None
    radio: Radio = None


class Aton(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="aton"):
    """An aid to navigation (type 21): a buoy, a light, a virtual mark."""

    aton_type: Annotated[int | None, Meta(description="Type of aid, code 1 to 31")] = None
    name: Name = None
    accuracy: Accuracy = None
    lon: Lon = None
    lat: Lat = None
    to_bow: ToBow = None
    to_stern: ToStern = None
    to_port: ToPort = None
    to_starboard: ToStarboard = None
    fix_type: FixType = None
    second: Second = None
    off_position: Annotated[
        bool | None, Meta(description="A floating aid has left its place; meaningful while second is below 60")
    ] = None
    aton_status: Annotated[int | None, Meta(description="Status of the aid, eight bits as sent (IALA A-126)")] = None
    raim: Raim = None
    virtual_aid: Annotated[bool | None, Meta(description="The aid exists only as this message")] = None
    assigned: Assigned = None


class SarAircraft(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="sar_aircraft"):
    """A search-and-rescue aircraft (type 9)."""

    altitude: Annotated[int | None, Meta(description="Altitude, metres (4094 means 4094 or more)")] = None
    altitude_barometric: Annotated[bool | None, Meta(description="Altitude is from a barometer rather than GNSS")] = (
        None
    )
    sog: Sog = None
    accuracy: Accuracy = None
    lon: Lon = None
    lat: Lat = None
    cog: Cog = None
    second: Second = None
    reserved: Annotated[int | None, Meta(description="Reserved bits after the altitude sensor when not zero")] = None
    dte: Dte = None
    assigned: Assigned = None
    raim: Raim = None
    radio: Radio = None


class Safety(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="safety"):
    """A safety message: addressed (type 12) or to all (type 14)."""

    seqno: SeqNo = None
    dest_mmsi: DestMmsi = None
    retransmit: Retransmit = None
    text: Annotated[str | None, Meta(description="The text, six-bit")] = None


class Binary(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="binary"):
    """Data for an application: types 6, 8, 25, 26, and DGNSS corrections (type 17)."""

    seqno: SeqNo = None
    dest_mmsi: DestMmsi = None
    retransmit: Retransmit = None
    dac: Dac = None
    fid: Fid = None
    data: Annotated[str | None, Meta(description="The application's bits in hex, padded with zero bits at the end")] = (
        None
    )
    bits: Annotated[int | None, Meta(description="How many bits of data are meant")] = None
    application: Annotated[
        str | None,
        Meta(description="Which application of types 6 and 8 it is, one of APPLICATIONS; null when not known"),
    ] = None
    content: Annotated[
        dict[str, Any] | None,
        Meta(description="What the application says: named values in SI units or as it defines them"),
    ] = None
    lon: Lon = None
    lat: Lat = None
    radio: Radio = None


class Other(Decoded, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="other"):
    """The network's own talk: acknowledgements, inquiries, interrogation, assignment, link and channel management."""

    dest_mmsi_1: Annotated[
        int | None, Meta(description="First station acknowledged, interrogated, inquired or assigned")
    ] = None
    dest_mmsi_2: Annotated[int | None, Meta(description="Second station addressed")] = None
    dest_mmsi_3: Annotated[int | None, Meta(description="Third station addressed")] = None
    dest_mmsi_4: Annotated[int | None, Meta(description="Fourth station addressed")] = None
    seqno_1: Annotated[
        int | None, Meta(description="Sequence number acknowledged to the first station (types 7, 13)")
    ] = None
    seqno_2: Annotated[int | None, Meta(description="Sequence number acknowledged to the second station")] = None
    seqno_3: Annotated[int | None, Meta(description="Sequence number acknowledged to the third station")] = None
    seqno_4: Annotated[int | None, Meta(description="Sequence number acknowledged to the fourth station")] = None
    type_1_1: Annotated[int | None, Meta(description="First message type asked of the first station (type 15)")] = None
    offset_1_1: Annotated[int | None, Meta(description="Slot offset for that answer")] = None
    type_1_2: Annotated[int | None, Meta(description="Second message type asked of the first station")] = None
    offset_1_2: Annotated[int | None, Meta(description="Slot offset for that answer")] = None
    type_2_1: Annotated[int | None, Meta(description="Message type asked of the second station")] = None
    offset_2_1: Annotated[int | None, Meta(description="Slot offset for that answer")] = None
    offset_1: Annotated[int | None, Meta(description="First slot offset (types 16, 20)")] = None
    offset_2: Annotated[int | None, Meta(description="Second slot offset")] = None
    offset_3: Annotated[int | None, Meta(description="Third slot offset (type 20)")] = None
    offset_4: Annotated[int | None, Meta(description="Fourth slot offset (type 20)")] = None
    number_1: Annotated[int | None, Meta(description="Consecutive slots of the first reservation (type 20)")] = None
    number_2: Annotated[int | None, Meta(description="Consecutive slots of the second reservation")] = None
    number_3: Annotated[int | None, Meta(description="Consecutive slots of the third reservation")] = None
    number_4: Annotated[int | None, Meta(description="Consecutive slots of the fourth reservation")] = None
    timeout_1: Annotated[int | None, Meta(description="Time-out of the first reservation, minutes (type 20)")] = None
    timeout_2: Annotated[int | None, Meta(description="Time-out of the second reservation, minutes")] = None
    timeout_3: Annotated[int | None, Meta(description="Time-out of the third reservation, minutes")] = None
    timeout_4: Annotated[int | None, Meta(description="Time-out of the fourth reservation, minutes")] = None
    increment_1: Annotated[int | None, Meta(description="Slots to the next repetition of the first (types 16, 20)")] = (
        None
    )
    increment_2: Annotated[int | None, Meta(description="Slots to the next repetition of the second")] = None
    increment_3: Annotated[int | None, Meta(description="Slots to the next repetition of the third (type 20)")] = None
    increment_4: Annotated[int | None, Meta(description="Slots to the next repetition of the fourth (type 20)")] = None
    channel_a: Annotated[int | None, Meta(description="ITU-R M.1084 channel number for channel A (type 22)")] = None
    channel_b: Annotated[int | None, Meta(description="ITU-R M.1084 channel number for channel B (type 22)")] = None
    txrx: Annotated[int | None, Meta(description="Transmit and receive mode, code as sent (types 22, 23)")] = None
    power_low: Annotated[bool | None, Meta(description="Transmit with low power (type 22)")] = None
    addressed: Annotated[
        bool | None, Meta(description="Addressed to two stations rather than to an area (type 22)")
    ] = None
    band_a: Annotated[
        bool | None, Meta(description="Channel A has a bandwidth of 12.5 kHz in older editions (type 22)")
    ] = None
    band_b: Annotated[
        bool | None, Meta(description="Channel B has a bandwidth of 12.5 kHz in older editions (type 22)")
    ] = None
    zone_size: Annotated[
        int | None, Meta(description="Transitional zone size as sent; nautical miles less one (type 22)")
    ] = None
    ne_lon: Annotated[float | None, Meta(description="North-east corner, degrees east (types 22, 23)")] = None
    ne_lat: Annotated[float | None, Meta(description="North-east corner, degrees north")] = None
    sw_lon: Annotated[float | None, Meta(description="South-west corner, degrees east")] = None
    sw_lat: Annotated[float | None, Meta(description="South-west corner, degrees north")] = None
    station_type: Annotated[int | None, Meta(description="Which stations are meant, code as sent (type 23)")] = None
    ship_type: Annotated[int | None, Meta(description="Which ship types are meant; null for all (type 23)")] = None
    interval: Annotated[int | None, Meta(description="Reporting interval, code as sent (type 23)")] = None
    quiet: Annotated[int | None, Meta(description="Quiet time, minutes; null for none (type 23)")] = None


DECODED_KINDS: tuple[type[Decoded], ...] = (Position, Static, BaseStation, Aton, SarAircraft, Safety, Binary, Other)
AnyDecoded = Position | Static | BaseStation | Aton | SarAircraft | Safety | Binary | Other

TIME_SOURCES = {
    "tag_block": "the c field of the sentence's tag block",
    "pghp": "a Gatehouse $PGHP sentence before it",
    "pshi": "a $PSHI sentence before it",
    "trailing": "an epoch after the checksum",
    "prefix": "a time before the sentence",
    "provider": "the provider's own field",
    "base_station": "a base station's clock",
    "received": "our clock on receipt",
}

REASONS = {
    "checksum": "a sentence's checksum does not match",
    "malformed": "the sentence has not the fields of a VDM or VDO",
    "empty": "the payload is empty",
    "armour": "the payload has characters outside the six-bit alphabet",
    "unknown_type": "the message type is not one of 1 to 28",
    "too_short": "the payload ends before the fields that the type must have",
    "undecodable": "the decoder cannot make sense of the payload",
    "bad_mmsi": "a row or object of a decoded feed names no vessel",
    "bad_time": "the time of a row or object cannot be read",
    "bad_value": "a value of a row or object is not of its kind, such as letters in a number",
    "bad_row": "a row has not as many values as its table has columns",
    "time_before_2000": "the time stamp is before 2000",
    "time_in_future": "the time stamp is further ahead than the tolerance",
}

_encoder = msgspec.json.Encoder()
_raw_decoder = msgspec.json.Decoder(Raw)
_decoded_decoder = msgspec.json.Decoder(AnyDecoded)


def encode(records: Iterable[Record]) -> bytes:
    """Records as NDJSON, one line each."""
    return _encoder.encode_lines(records if isinstance(records, (list, tuple)) else list(records))


def decode_raw(body: bytes) -> list[Raw]:
    """Raw records of a message body. Raises msgspec.MsgspecError when a line is not one."""
    return _raw_decoder.decode_lines(body)


def decode_decoded(body: bytes) -> list[AnyDecoded]:
    """Decoded records of a message body. Raises msgspec.MsgspecError when a line is not one."""
    return _decoded_decoder.decode_lines(body)


def kind_of(record: Record | type[Record]) -> str:
    """The word in `kind` for a record or its class."""
    return str(record.__struct_config__.tag)


def field_sentences(kind: type[Record]) -> dict[str, str]:
    """Each field of `kind` with its sentence, in order; documentation and database comments are checked against it."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: _sentence(hints[name]) for name in kind.__struct_fields__}


def _sentence(hint: Any) -> str:
    metas: Sequence[Any] = getattr(hint, "__metadata__", ())
    return next((str(meta.description) for meta in metas if isinstance(meta, Meta)), "")
