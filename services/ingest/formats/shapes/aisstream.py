"""aisstream.io: the message types of its envelope, each with the fields of its AIS message.

{"MessageType":"PositionReport","MetaData":{"MMSI":319156300,"time_utc":"2023-05-10 11:46:52.509865357 +0000 UTC",…},
 "Message":{"PositionReport":{"MessageID":1,"UserID":319156300,"Valid":true,"Sog":0,"RateOfTurn":-128,…}}}

Fields are those of go-ais, which aisstream runs: scaled, with the sentinels of the message; RateOfTurn as sent (Message 1);
binary payloads a byte for each bit. The published models differ from it in names (NumberOfSlots or integerOfSlots, Cos or
Cog): both are read. Valid is false when go-ais could not decode the message, and every value is zero then: rejected. Inside a
message Valid is not kept up (reservations say false and have values): places are known to be empty by their zeros.
"""

from collections.abc import Callable, Mapping

from fairway.calendar import station_clock
from services.ingest.formats.shapes import aisstream_fields as f
from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Object, Plan, Unreadable, read
from services.ingest.formats.shapes.draft import KIND_OF_TYPE, Draft, Shape
from services.ingest.formats.shapes.hex_data import bits_of_bytes
from services.ingest.formats.shapes.network_talk import forget_unused
from services.ingest.formats.shapes.times import epoch_ms

AUXILIARY_CRAFT = range(980_000_000, 990_000_000)  # MMSIs 98XXXYYYY: boats of a mother ship (ITU-R M.585)
TYPES_OF = {  # the message types that a name of the envelope stands for
    "PositionReport": (1, 2, 3),
    "BaseStationReport": (4, 11),
    "ShipStaticData": (5,),
    "AddressedBinaryMessage": (6,),
    "BinaryAcknowledge": (7, 13),
    "BinaryBroadcastMessage": (8,),
    "StandardSearchAndRescueAircraftReport": (9,),
    "CoordinatedUTCInquiry": (10,),
    "AddressedSafetyMessage": (12,),
    "AddessedSafetyMessage": (12,),
    "SafetyBroadcastMessage": (14,),
    "Interrogation": (15,),
    "AssignedModeCommand": (16,),
    "GnssBroadcastBinaryMessage": (17,),
    "StandardClassBPositionReport": (18,),
    "ExtendedClassBPositionReport": (19,),
    "DataLinkManagementMessage": (20,),
    "AidsToNavigationReport": (21,),
    "ChannelManagement": (22,),
    "GroupAssignmentCommand": (23,),
    "StaticDataReport": (24,),
    "SingleSlotBinaryMessage": (25,),
    "MultiSlotBinaryMessage": (26,),
    "LongRangeAisBroadcastMessage": (27,),
}
STATE_WITH_SELECTOR = frozenset({9, 18, 26})  # types whose communication state has a selector flag before it

Found = dict[str, object]


def claims(each: Object) -> bool:
    return "MessageType" in each and "Message" in each


def drafts(each: Object) -> list[Draft]:
    name, messages, meta = each.get("MessageType"), each.get("Message"), each.get("MetaData", each.get("Metadata"))
    types = TYPES_OF.get(name) if isinstance(name, str) else None
    if types is None or not isinstance(messages, Mapping):
        return []
    message = messages.get(name)
    if not isinstance(message, Mapping) or message.get("Valid") is False:
        raise Unreadable
    about = meta if isinstance(meta, Mapping) else {}
    found: Found = {"mmsi": c.mmsi(message.get("UserID", about.get("MMSI"))), "msg_type": _type(message, types)}
    msg_type = types[0] if found["msg_type"] is None else found["msg_type"]
    assert isinstance(msg_type, int)
    found |= _fields(message, msg_type, found)
    return [Draft(KIND_OF_TYPE[msg_type], found, epoch_ms(about.get("time_utc")))]


def _type(message: Object, types: tuple[int, ...]) -> int | None:
    """The type that the message says and its name allows; None where the name stands for several and it does not say."""
    said = c.msg_type(message.get("MessageID"))
    if said in types:
        return said
    if said is not None:
        raise Unreadable
    return types[0] if len(types) == 1 else None


def _fields(message: Object, msg_type: int, head: Found) -> Found:
    found = read(message, f.BY_TYPE[msg_type])
    if "radio" in found and msg_type in STATE_WITH_SELECTOR:
        found["radio"] = _selected(message, found["radio"])
    more = _MORE.get(msg_type)
    if more is not None:
        more(message, found, head)
    forget_unused(found, msg_type)
    return found


def _selected(message: Object, state: object) -> object:
    return state | (1 << 19) if message.get("CommunicationStateIsItdma") is True and isinstance(state, int) else state


def _part(message: Object, key: str) -> Object:
    """An object inside a message, empty when there is none."""
    part = message.get(key)
    return part if isinstance(part, Mapping) else {}


def _places(message: Object, key: str) -> list[Object]:
    """The places of a message, in order: an object with keys 0 to 3, or a list."""
    part = message.get(key)
    if isinstance(part, list):
        return [each if isinstance(each, Mapping) else {} for each in part[:4]]
    return [_part(part, str(place)) for place in range(4)] if isinstance(part, Mapping) else []


def _dimension(message: Object, found: Found, head: Found) -> None:
    found |= read(_part(message, "Dimension"), f.DIMENSION)
    c.forget_zero_dimensions(found)


def _voyage(message: Object, found: Found, head: Found) -> None:
    _dimension(message, found, head)
    numbers = read(_part(message, "Eta"), f.ETA)
    found |= arrival.of_numbers(numbers)


def _class_b(message: Object, found: Found, head: Found) -> None:
    _keep_reserved(message, found, 2)


def _class_b_extended(message: Object, found: Found, head: Found) -> None:
    _keep_reserved(message, found, 4)
    _dimension(message, found, head)


def _keep_reserved(message: Object, found: Found, width: int) -> None:
    """The spare bits of types 18 and 19 as the decoder has them: the first eight, then `width` more."""
    first, second = c.integer(message.get("Spare1")) or 0, c.integer(message.get("Spare2")) or 0
    if 0 <= first < 256 and 0 <= second < 1 << width and (first or second):
        found["reserved"] = first << width | second


def _aton(message: Object, found: Found, head: Found) -> None:
    _dimension(message, found, head)
    extension = message.get("NameExtension")
    name = message.get("Name")
    if isinstance(extension, str) and isinstance(name, str) and extension.strip("@ "):
        found["name"] = c.text(name + extension)


def _station_clock(message: Object, found: Found, head: Found) -> None:
    found["utc_time"] = station_clock(found)


def _static_part(message: Object, found: Found, head: Found) -> None:
    is_part_b = c.flag(message.get("PartNumber"))
    found["part"] = "B" if is_part_b else "A"
    if not is_part_b:
        found |= read(_part(message, "ReportA"), f.PART_A)
        return
    part = _part(message, "ReportB")
    found |= read(part, f.PART_B)
    if head["mmsi"] in AUXILIARY_CRAFT:
        sides = [c.integer(_part(part, "Dimension").get(key)) or 0 for key in "ABCD"]
        mother = sides[0] << 21 | sides[1] << 12 | sides[2] << 6 | sides[3]
        found["mothership_mmsi"] = c.STATION(mother)
    else:
        _dimension(part, found, head)


def _binary(message: Object, found: Found, head: Found) -> None:
    if message.get("ApplicationIDValid") is not False:
        found |= read(_part(message, "ApplicationID"), f.APPLICATION)
    for key in ("BinaryData", "Payload", "Data"):
        data = message.get(key)
        if isinstance(data, str):
            found |= bits_of_bytes(data)


def _acknowledged(message: Object, found: Found, head: Found) -> None:
    _number_places(_places(message, "Destinations"), found, f.DESTINATION)


def _assigned(message: Object, found: Found, head: Found) -> None:
    _number_places(_places(message, "Commands")[:2], found, f.COMMAND)


def _reserved(message: Object, found: Found, head: Found) -> None:
    _number_places(_places(message, "Data"), found, f.RESERVATION)


def _number_places(places: list[Object], found: Found, table: Plan) -> None:
    for number, place in enumerate(places, 1):
        found |= {f"{name}_{number}": value for name, value in read(place, table).items()}


def _asked(message: Object, found: Found, head: Found) -> None:
    """The published models have MessageID of the first place filled with the station's MMSI: not a type, so not known."""
    places = _places(message, "Station1")
    first = _part(message, "Station1Msg1") or (places[0] if places else {})
    second = _part(message, "Station1Msg2") or (places[1] if len(places) > 1 else {})
    others = _places(message, "Station2")
    third = (others[0] if isinstance(message.get("Station2"), list) and others else {}) or _part(message, "Station2")
    asked = (("dest_mmsi_1", message.get("Station1ID", first.get("StationID"))), ("dest_mmsi_2", _station_of(third)))
    found |= {name: station for name, value in asked if (station := c.STATION(value)) is not None}
    for prefix, place in (("1_1", first), ("1_2", second), ("2_1", third)):
        found |= {f"{name}_{prefix}": value for name, value in read(place, f.QUESTION).items()}


def _station_of(place: Object) -> object:
    return place.get("StationID", place.get("Station2ID"))


def _channels(message: Object, found: Found, head: Found) -> None:
    if found.get("addressed"):
        found |= read(_part(message, "Unicast") or message, f.ADDRESSED)
    else:
        found |= read(_part(message, "Area") or message, f.CORNERS)


_Step = Callable[[Object, Found, Found], None]
_MORE: Mapping[int, _Step] = {
    4: _station_clock,
    5: _voyage,
    6: _binary,
    7: _acknowledged,
    8: _binary,
    11: _station_clock,
    13: _acknowledged,
    15: _asked,
    16: _assigned,
    17: _binary,
    18: _class_b,
    19: _class_b_extended,
    20: _reserved,
    21: _aton,
    22: _channels,
    24: _static_part,
    25: _binary,
    26: _binary,
}

AISSTREAM = Shape("aisstream", claims, drafts)
