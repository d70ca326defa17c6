"""What means "not available", by type and field, at the edges of each domain; written out from ITU-R M.1371-5."""

import pytest

from services.decoder.fields import Value
from tests.unit.services.decoder.sentences import FULL_LENGTH, decode_bits

LON, LAT = 600_000, 600_000  # raw units in a degree
COARSE = 600

# type, field, offset, width, raw, value
TABLE: list[tuple[int, str, int, int, int, Value]] = [
    (1, "nav_status", 38, 4, 15, None),
    (1, "nav_status", 38, 4, 14, 14),
    (1, "nav_status", 38, 4, 0, 0),
    (1, "rot", 42, 8, -128, None),
    (1, "rot", 42, 8, 127, None),
    (1, "rot", 42, 8, -127, None),
    (1, "rot", 42, 8, 126, 708.71),
    (1, "rot", 42, 8, -126, -708.71),
    (1, "rot", 42, 8, 1, 0.04),
    (1, "rot", 42, 8, -4, -0.71),
    (1, "rot", 42, 8, 0, 0.0),
    (1, "turning", 42, 8, 127, "right"),
    (1, "turning", 42, 8, -127, "left"),
    (1, "turning", 42, 8, -128, None),
    (1, "turning", 42, 8, 126, None),
    (1, "turning", 42, 8, 0, None),
    (1, "sog", 50, 10, 1023, None),
    (1, "sog", 50, 10, 1022, 102.2),
    (1, "sog", 50, 10, 0, 0.0),
    (1, "lon", 61, 28, 181 * LON, None),
    (1, "lon", 61, 28, 180 * LON, 180.0),
    (1, "lon", 61, 28, 180 * LON + 1, None),
    (1, "lon", 61, 28, -180 * LON, -180.0),
    (1, "lon", 61, 28, -180 * LON - 1, None),
    (1, "lon", 61, 28, 1, 0.000002),
    (1, "lat", 89, 27, 91 * LAT, None),
    (1, "lat", 89, 27, 95 * LAT, None),
    (1, "lat", 89, 27, 90 * LAT, 90.0),
    (1, "lat", 89, 27, -90 * LAT, -90.0),
    (1, "lat", 89, 27, -91 * LAT, None),
    (1, "cog", 116, 12, 3600, None),
    (1, "cog", 116, 12, 3651, None),
    (1, "cog", 116, 12, 3599, 359.9),
    (1, "heading", 128, 9, 511, None),
    (1, "heading", 128, 9, 400, None),
    (1, "heading", 128, 9, 360, None),
    (1, "heading", 128, 9, 359, 359),
    (1, "second", 137, 6, 60, None),
    (1, "second", 137, 6, 61, 61),
    (1, "second", 137, 6, 63, 63),
    (1, "maneuver", 143, 2, 0, None),
    (1, "maneuver", 143, 2, 2, 2),
    (1, "maneuver", 143, 2, 3, None),
    (4, "utc_year", 38, 14, 0, None),
    (4, "utc_year", 38, 14, 9999, 9999),
    (4, "utc_year", 38, 14, 10000, None),
    (4, "utc_month", 52, 4, 0, None),
    (4, "utc_month", 52, 4, 13, None),
    (4, "utc_day", 56, 5, 0, None),
    (4, "utc_hour", 61, 5, 24, None),
    (4, "utc_hour", 61, 5, 0, 0),
    (4, "utc_minute", 66, 6, 60, None),
    (4, "utc_second", 72, 6, 60, None),
    (4, "fix_type", 134, 4, 0, None),
    (4, "fix_type", 134, 4, 15, 15),
    (5, "imo", 40, 30, 0, None),
    (5, "callsign", 70, 42, 0, None),
    (5, "name", 112, 120, 0, None),
    (5, "ship_type", 232, 8, 0, None),
    (5, "ship_type", 232, 8, 255, 255),
    (5, "fix_type", 270, 4, 0, None),
    (5, "eta_month", 274, 4, 0, None),
    (5, "eta_month", 274, 4, 15, None),
    (5, "eta_day", 278, 5, 0, None),
    (5, "eta_hour", 283, 5, 24, None),
    (5, "eta_minute", 288, 6, 60, None),
    (5, "draught", 294, 8, 0, None),
    (5, "draught", 294, 8, 255, 25.5),
    (5, "destination", 302, 120, 0, None),
    (5, "dte", 422, 1, 0, True),
    (5, "dte", 422, 1, 1, False),
    (9, "altitude", 38, 12, 4095, None),
    (9, "altitude", 38, 12, 4094, 4094),
    (9, "sog", 50, 10, 1023, None),
    (9, "sog", 50, 10, 1022, 1022.0),
    (9, "cog", 116, 12, 3600, None),
    (9, "reserved", 135, 7, 0, None),
    (10, "dest_mmsi_1", 40, 30, 0, None),
    (17, "lon", 40, 18, 181 * COARSE, None),
    (17, "lon", 40, 18, -120 * COARSE, -120.0),
    (17, "lat", 58, 17, 91 * COARSE, None),
    (17, "lat", 58, 17, 1, 0.001667),
    (18, "sog", 46, 10, 1023, None),
    (18, "lon", 57, 28, 181 * LON, None),
    (18, "lat", 85, 27, 91 * LAT, None),
    (18, "cog", 112, 12, 3600, None),
    (18, "heading", 124, 9, 511, None),
    (18, "second", 133, 6, 60, None),
    (18, "reserved", 38, 8, 0, None),
    (18, "reserved", 38, 8, 3, 12),
    (18, "reserved", 139, 2, 1, 1),
    (19, "ship_type", 263, 8, 0, None),
    (19, "fix_type", 301, 4, 0, None),
    (20, "timeout_1", 56, 3, 0, None),
    (21, "aton_type", 38, 5, 0, None),
    (21, "second", 253, 6, 60, None),
    (21, "fix_type", 249, 4, 0, None),
    (22, "channel_a", 40, 12, 0, None),
    (22, "ne_lon", 69, 18, 0x1A838, None),
    (22, "ne_lat", 87, 17, 0xD548, None),
    (22, "sw_lon", 104, 18, -90 * COARSE, -90.0),
    (23, "ship_type", 114, 8, 0, None),
    (23, "quiet", 150, 4, 0, None),
    (23, "quiet", 150, 4, 15, 15),
    (23, "sw_lat", 93, 17, 0xD548, None),
    (27, "nav_status", 40, 4, 15, None),
    (27, "lon", 44, 18, 0x1A838, None),
    (27, "lat", 62, 17, 0xD548, None),
    (27, "lat", 62, 17, -90 * COARSE, -90.0),
    (27, "sog", 79, 6, 63, None),
    (27, "sog", 79, 6, 62, 62.0),
    (27, "cog", 85, 9, 511, None),
    (27, "cog", 85, 9, 360, None),
    (27, "cog", 85, 9, 359, 359.0),
    (27, "gnss", 94, 1, 0, True),
]


@pytest.mark.parametrize(("msg_type", "name", "offset", "width", "raw", "value"), TABLE)
def test_the_raw_value_means_that(msg_type: int, name: str, offset: int, width: int, raw: int, value: Value) -> None:
    found = decode_bits(msg_type, (offset, width, raw))[name]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("msg_type", "offset"), [(5, 240), (19, 271), (21, 219)])
def test_zero_dimensions_are_null_by_pairs(msg_type: int, offset: int) -> None:
    sides = ("to_bow", "to_stern", "to_port", "to_starboard")
    none = decode_bits(msg_type)
    assert [none[side] for side in sides] == [None] * 4
    length = decode_bits(msg_type, (offset + 9, 9, 120))
    assert [length[side] for side in sides] == [0, 120, None, None]
    beam = decode_bits(msg_type, (offset + 18, 6, 7))
    assert [beam[side] for side in sides] == [None, None, 7, 0]


def test_every_type_has_a_full_length_here() -> None:
    assert sorted(FULL_LENGTH) == list(range(1, 29))
