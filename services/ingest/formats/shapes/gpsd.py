"""gpsd, and those who write JSON its way: AIS-catcher and gpsdio (as archives of ORBCOMM have it).

{"class":"AIS","device":"stdin","type":1,"repeat":0,"mmsi":257591700,"scaled":true,"status":0,"turn":"nan","speed":0.0,…

Sources: gpsd_json(5) and AIVDM.html of gpsd; "Complete AIS Message JSON Documentation" of AIS-catcher. With scaled false the
numbers are those of the message: 1/600,000 degree, 1/10 knot, 1/10 metre. `turn` is degrees a minute rounded to whole ones when
scaled and as sent when not; `turn_unscaled` of AIS-catcher is always as sent, and finer. `gnss` of type 27 is left out, since
the senders disagree about its sense. Payloads of types 6 and 8 that the sender has taken apart have no bits any more.
"""

from fairway.calendar import station_clock
from services.ingest.formats import values
from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Object, Unreadable, read
from services.ingest.formats.shapes.draft import KIND_OF_TYPE, Draft, Shape
from services.ingest.formats.shapes.gpsd_fields import BY_TYPE
from services.ingest.formats.shapes.hex_data import bits_of_hex
from services.ingest.formats.shapes.network_talk import forget_unused
from services.ingest.formats.shapes.times import first_time

# Where the time of reception is. `toa` is that of an upstream receiver, `rxuxtime` and `rxtime` are the writer's own clock.
TIME_KEYS = ("toa", "tagblock_timestamp", "rxuxtime", "rxtime")
STATION_KEYS = ("tagblock_station", "station_id", "stationid")
# Types whose `timestamp` is a clock of the message, or of the application in it, and not the time of reception
OWN_CLOCK_TYPES = (4, 6, 8, 11, "4", "6", "8", "11")
FAST = {"fastright": "right", "fastleft": "left"}


def claims(each: Object) -> bool:
    return each.get("class") == "AIS" and "type" in each


def time_of(each: Object) -> int | None:
    """When the message was received. Raises Unreadable."""
    found = first_time(each, TIME_KEYS)
    if found is None and each.get("type") not in OWN_CLOCK_TYPES:
        return first_time(each, ("timestamp",))
    return found


def drafts(each: Object) -> list[Draft]:
    mmsi = c.mmsi(each.get("mmsi"))
    msg_type = c.msg_type(each.get("type"))
    if msg_type is None:
        raise Unreadable("unknown_type")
    scaled = each.get("scaled") is not False
    found = read(each, BY_TYPE[scaled][msg_type])
    found["mmsi"], found["msg_type"] = mmsi, msg_type
    if msg_type <= 3:
        found |= _turn(each, scaled)
    if msg_type == 27:
        found["low_resolution"] = True
    more = _MORE.get(msg_type)
    if more is not None:
        more(each, found)
    forget_unused(found, msg_type)
    return [Draft(KIND_OF_TYPE[msg_type], found, time_of(each), _station(each))]


def _station(each: Object) -> str | None:
    for key in STATION_KEYS:
        if key in each and each[key] is not None:
            return c.text(each[key])
    return None


def _turn(each: Object, scaled: bool) -> dict[str, object]:
    raw = each.get("turn_unscaled", None if scaled else each.get("turn"))
    if raw is not None:
        return {"rot": c.raw_rot(raw), "turning": c.raw_turning(raw)}
    turn = each.get("turn")
    if isinstance(turn, str) and turn in FAST:
        return {"turning": FAST[turn]}
    degrees = c.number(turn)
    return {} if degrees is None else {"rot": values.rate_of_turn(float(degrees))}


def _arrival(each: Object, found: dict[str, object]) -> None:
    found |= arrival.of_text(each.get("eta"))
    c.forget_zero_dimensions(found)


def _dimensions(each: Object, found: dict[str, object]) -> None:
    c.forget_zero_dimensions(found)


def _class_b(each: Object, found: dict[str, object]) -> None:
    _keep_reserved(each, found, 2)


def _class_b_extended(each: Object, found: dict[str, object]) -> None:
    _keep_reserved(each, found, 4)
    c.forget_zero_dimensions(found)


def _keep_reserved(each: Object, found: dict[str, object], width: int) -> None:
    """The spare bits of types 18 and 19 as the decoder has them: the first eight, then `width` more."""
    first, second = c.integer(each.get("reserved")) or 0, c.integer(each.get("regional")) or 0
    if 0 <= first < 256 and 0 <= second < 1 << width and (first or second):
        found["reserved"] = first << width | second


def _aircraft(each: Object, found: dict[str, object]) -> None:
    """gpsd has the altitude sensor and the seven reserved bits after it in one number."""
    regional = c.integer(each.get("regional"))
    if regional is not None and 0 <= regional < 256:
        found["altitude_barometric"] = regional >= 128
        if regional & 127:
            found["reserved"] = regional & 127


def _part(each: Object, found: dict[str, object]) -> None:
    """AIS-catcher and gpsdio number the parts of a type 24; gpsd joins them, and says so in newer versions."""
    number = each.get("partno", each.get("part_num"))
    part = {0: "A", 1: "B"}.get(c.integer(number) or 0) if number is not None else each.get("part")
    if part in ("A", "B"):
        found["part"] = part
    c.forget_zero_dimensions(found)


def _clock(each: Object, found: dict[str, object]) -> None:
    """`2009-05-22T02:22:40Z` in parts; `0000-00-00T24:60:60Z` when none is available."""
    text = each.get("timestamp")
    if not isinstance(text, str) or len(text) > len("2009-05-22T02:22:40.000000Z"):
        return
    words = text.replace("T", "-").replace(":", "-").replace(" ", "-").removesuffix("Z").split("-")
    numbers = [int(word) for word in words if word.isdigit()]
    if len(numbers) == len(_CLOCK):
        found |= {name: value for value, (name, low, high) in zip(numbers, _CLOCK, strict=True) if low <= value <= high}
    found["utc_time"] = station_clock(found)


def _data(each: Object, found: dict[str, object]) -> None:
    data = each.get("data")
    if isinstance(data, str):
        found |= bits_of_hex(data)
    application = c.integer(each.get("app_id"))
    if application is not None and "dac" not in found and each.get("structured") is not False:
        found |= {"dac": application >> 6 & 1023, "fid": application & 63}


_CLOCK = (
    ("utc_year", 1, 9999),
    ("utc_month", 1, 12),
    ("utc_day", 1, 31),
    ("utc_hour", 0, 23),
    ("utc_minute", 0, 59),
    ("utc_second", 0, 59),
)

_MORE = {
    4: _clock,
    5: _arrival,
    6: _data,
    8: _data,
    9: _aircraft,
    11: _clock,
    17: _data,
    18: _class_b,
    19: _class_b_extended,
    21: _dimensions,
    24: _part,
    25: _data,
    26: _data,
}

GPSD = Shape("gpsd", claims, drafts)
