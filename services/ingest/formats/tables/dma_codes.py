"""The words of the Danish archives for AIS codes. Codes: ITU-R M.1371-5, Message 5, tables 53 and "type of device".

Words that stand for several codes ("Reserved", "Spare 1 and 2") or that nobody knows are None.
"""

TYPES_WITH_CARGO = frozenset([20, 40, 60, 70, 80, 90])  # their second digit says what they carry

SHIP_TYPES = {
    "wig": 20,
    "fishing": 30,
    "towing": 31,
    "towing long/wide": 32,
    "dredging": 33,
    "diving": 34,
    "military": 35,
    "sailing": 36,
    "pleasure": 37,
    "hsc": 40,
    "pilot": 50,
    "sar": 51,
    "tug": 52,
    "port tender": 53,
    "anti-pollution": 54,
    "law enforcement": 55,
    "spare 1": 56,
    "spare 2": 57,
    "medical": 58,
    "not party to conflict": 59,
    "passenger": 60,
    "cargo": 70,
    "tanker": 80,
    "other": 90,
}

CARGOES = {  # added to the first digit's type; "Reserved for future use" may be 5 to 8
    "category x": 1,
    "category y": 2,
    "category z": 3,
    "category os": 4,
    "no additional information": 9,
}

FIX_TYPES = {
    "gps": 1,
    "glonass": 2,
    "combined gps/glonass": 3,
    "loran-c": 4,
    "chayka": 5,
    "integrated navigation system": 6,
    "surveyed": 7,
    "galileo": 8,
    "internal": 15,
}


def ship_type(words: str) -> int | None:
    """The code without its cargo."""
    return SHIP_TYPES.get(words.lower())


def cargo(words: str) -> int | None:
    """The second digit."""
    return CARGOES.get(words.lower())


def fix_type(words: str) -> int | None:
    """The type of position fixing device."""
    return FIX_TYPES.get(words.lower())
