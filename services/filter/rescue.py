"""Who is in distress or comes to the rescue: reports that thinning and plausibility never touch."""

from fairway.records import AnyDecoded, Position, SarAircraft

# First three digits of the MMSI, ITU-R M.585: AIS-SART, man overboard, EPIRB-AIS; and 111 for search-and-rescue aircraft.
RESCUE_PREFIXES = frozenset({970, 972, 974, 111})
AIS_SART_ACTIVE = 14  # nav_status, ITU-R M.1371


def is_rescue(record: AnyDecoded) -> bool:
    """Whether a distress beacon or a search-and-rescue aircraft sent the record."""
    if record.mmsi // 1_000_000 in RESCUE_PREFIXES or record.msg_type == 9:
        return True
    if type(record) is Position:
        return record.nav_status == AIS_SART_ACTIVE
    return type(record) is SarAircraft  # also of a provider that does not say the type
