"""Real messages, most of them from the tests of libais and from public recordings, and what they say."""

from typing import Any

import pytest

from fairway.records import decode_decoded, encode
from services.decoder.decoding import decode_one
from services.decoder.rules import Values
from tests.unit.services.decoder.sentences import bits, decode, raw, sentence, six_bit


def content(*sentences: str) -> dict[str, Any]:
    """What the application of a message says. Fails the test when nothing was left out on purpose but is missing."""
    fields = decode(*sentences)
    assert fields["missing"] is None
    said = fields["content"]
    assert isinstance(said, dict)
    return said


def broadcast(dac: int, fid: int, *spans: tuple[int, int, int], length: int) -> Values:
    """A message 8 whose payload of `length` bits has the given spans: offset, width, value."""
    moved = [(56 + offset, width, value) for offset, width, value in spans]
    return decode(sentence(bits(8, (40, 10, dac), (50, 6, fid), *moved, length=56 + length), 56 + length))


def addressed(dac: int, fid: int, *spans: tuple[int, int, int], length: int) -> Values:
    """A message 6 likewise."""
    moved = [(88 + offset, width, value) for offset, width, value in spans]
    return decode(sentence(bits(6, (72, 10, dac), (82, 6, fid), *moved, length=88 + length), 88 + length))


def test_weather_at_a_buoy_of_sweden() -> None:
    assert content("!AIVDM,1,1,,B,802R5Ph0GhEfv9a`B>RJQhuoftDfEuFOB203wnP1Pi?wwwwwsAwwnSjcr>wt,0*4F") == {
        "lon": 11.869617,
        "lat": 57.68775,
        "accuracy": True,
        "utc_day": 20,
        "utc_hour": 9,
        "utc_minute": 42,
        "wind_knots": 14,
        "wind_gust_knots": 15,
        "wind_direction_degrees": 239,
        "wind_gust_direction_degrees": 239,
        "air_temperature_celsius": 16.5,
        "air_pressure_hpa": 1006,
        "air_pressure_tendency": 2,
        "visibility_greater": True,
        "visibility_nautical_miles": 1.6,
        "water_level_metres": 0.24,
        "water_level_trend": 1,
        "current_2_knots": 0.1,
        "current_2_direction_degrees": 262,
        "current_2_depth_metres": 4,
        "water_temperature_celsius": 17.1,
        "salinity_permille": 14.2,
    }


def test_weather_in_the_old_form() -> None:
    said = content("!AIVDM,1,1,,A,804<o3@0Bj96WSWjHlPa321i=a58GwdtwwwwwwwwwwwwwwwwwwwwwCwwwt0,2*2F")
    assert (said["lon"], said["lat"]) == (126.586767, 37.438367)
    assert (said["air_temperature_celsius"], said["air_pressure_hpa"], said["wind_knots"]) == (-32.4, 1007, 12)
    assert not {"dew_point_celsius", "water_level_metres", "ice", "wave_height_metres"} & set(said)


def test_a_text_telegram_of_three_sentences() -> None:
    fields = decode(
        "!AIVDM,3,1,6,A,60475rJ0BVfb04003hu<4d60P588uE:1;C;pTpHu8l5@Ttsb1LTpB1N3,0*49",
        "!AIVDM,3,2,6,A,@nu>05B0u<4d60P588uE:184@5:S?Bo?Vo78r37?Fo;FoG0FV373c;Da,0*16",
        "!AIVDM,3,3,6,A,=Bp,2*1D",
    )
    assert fields["application"] == "imo_text"
    assert fields["content"] == {
        "acknowledgement_required": False,
        "text_sequence": 0,
        "text": "<OSAKA HARBOUR R42>INFORMATION: WIND W 4M/S AT OSAKA HARBOUR RADAR(34-39-12N 135-25-50E) 10:25JST.",
    }
    assert fields["bits"] == 12 + 98 * 6


def test_the_system_asks_and_answers() -> None:
    assert content("!AIVDM,1,1,,A,63m95T8uBK:0044@00P,2*7A") == {"acknowledged_dac": 64, "text_sequence": 1}
    assert content("!AIVDM,1,1,,B,65@<;:1inW@h0480J0,4*60") == {"requested_dac": 1, "requested_fid": 40}
    assert content("!AIVDM,1,1,,A,601uEQ8i02s:04<0@00000000000,0*12") == {"requested_dac": 1}
    reply = "!AIVDM,1,1,,A,633krv00OEGl04@0Hb00020000000000000000000000000000000000000,2*30"
    assert content(reply) == {"dac": 1, "fids": [0, 2, 3, 4, 16]}


def test_whales_may_be_within_five_miles() -> None:
    assert content("!AIVDM,1,1,,B,803Ovrh0EP:024`@02PN04da=3V<>N0000,4*39") == {
        "linkage_id": 10,
        "notice": 0,
        "utc_month": 1,
        "utc_day": 1,
        "utc_hour": 5,
        "utc_minute": 2,
        "duration_minutes": 20,
        "areas": [{"shape": "circle", "lon": -69.864983, "lat": 42.08295, "precision": 4, "radius_metres": 9260}],
    }


def area(*spans: tuple[int, int, int]) -> dict[str, Any]:
    """The only sub area of a notice; offsets within it."""
    fields = broadcast(1, 22, *[(55 + offset, width, value) for offset, width, value in spans], length=55 + 87)
    areas = fields["content"]["areas"]
    assert len(areas) == 1
    found: dict[str, Any] = areas[0]
    return found


CENTRE = ((5, 25, 600_000), (30, 24, 3_000_000), (54, 3, 4))
PLACE = {"lon": 10.0, "lat": 50.0, "precision": 4}


def test_sub_areas_are_of_six_shapes() -> None:
    assert area((3, 2, 2), *CENTRE, (57, 12, 5)) == {"shape": "circle", **PLACE, "radius_metres": 500}
    assert area((0, 3, 1), (3, 2, 1), *CENTRE, (57, 8, 3), (65, 8, 4), (73, 9, 45)) == {
        "shape": "rectangle",
        **PLACE,
        "east_metres": 30,
        "north_metres": 40,
        "orientation_degrees": 45,
    }
    assert area((0, 3, 2), *CENTRE, (57, 12, 900), (69, 9, 10), (78, 9, 350)) == {
        "shape": "sector",
        **PLACE,
        "radius_metres": 900,
        "left_boundary_degrees": 10,
        "right_boundary_degrees": 350,
    }
    legs = ((3, 2, 3), (5, 10, 91), (15, 10, 2), (25, 10, 719), (35, 10, 1))
    points = [
        {"bearing_degrees": 45.5, "distance_metres": 2000},
        {"bearing_degrees": 359.5, "distance_metres": 1000},
    ]
    assert area((0, 3, 3), *legs) == {"shape": "polyline", "points": points}
    assert area((0, 3, 4), *legs) == {"shape": "polygon", "points": points}
    assert area((0, 3, 5), (3, 66, six_bit("DIVERS DOWN"))) == {"shape": "text", "text": "DIVERS DOWN"}
    assert area((0, 3, 6)) == {"shape": "reserved_6"}


def test_a_cut_notice_keeps_its_whole_areas_and_says_that_more_were_meant() -> None:
    fields = broadcast(1, 22, (55, 3, 0), (142, 3, 5), (145, 60, (1 << 60) - 1), length=142 + 63)
    assert [found["shape"] for found in fields["content"]["areas"]] == ["circle"]
    assert fields["missing"] == "areas"


def test_padding_after_the_last_area_is_not_missing() -> None:
    assert broadcast(1, 22, length=55 + 87 + 2)["missing"] is None


def test_a_vessel_on_the_rhine() -> None:
    assert content("!AIVDM,1,1,,A,83aBKa0j2d<dtt<dLR`i;?tE=VP0,0*01") == {
        "eni": "02330212",
        "length_metres": 135.0,
        "beam_metres": 15.0,
        "eri_ship_type": 8162,
        "draught_metres": 4.35,
        "loaded": 1,
        "speed_quality_high": False,
        "course_quality_high": False,
        "heading_quality_high": False,
    }


def test_water_levels_of_the_danube_are_above_their_reference() -> None:
    said = content("!AIVDM,1,1,,A,801tME0j60E04QJp1hhL10G20DH1,0*11")
    assert said["country"] == "AT"
    assert [gauge["gauge_id"] for gauge in said["gauges"]] == [9, 7, 8, 5]
    assert [gauge["water_level_metres"] for gauge in said["gauges"]] == [3.63, 3.87, 3.68, 7.68]


def test_targets_of_a_vessel_traffic_service() -> None:
    said = content("!AIVDM,1,1,,A,802At?00D000sJFUP2:wnhc>0`0w0000pPsd@2:s6hc@<p0w00,4*55")
    assert said["targets"][0] == {
        "mmsi": 249191000,
        "lat": 37.95565,
        "lon": 23.603283,
        "cog_degrees": 0,
        "sog_knots": 0,
    }
    assert len(said["targets"]) == 2


def test_a_lantern_and_a_lighthouse() -> None:
    assert content("!AIVDM,1,1,,A,6>q7CT@000I4000000P@>p0,2*1E") == {
        "sub_application": 0,
        "supply_volts": 12.9,
        "drain_amperes": 1.4,
        "direct_current": True,
        "light_on": True,
        "battery_low": True,
        "off_position": False,
    }
    said = content("!AIVDM,1,1,,A,6>jCFd3fJjOt>d`skQ00P00,2*4A")
    assert (said["internal_volts"], said["external_1_volts"], said["light_status"]) == (11.95, 11.25, 2)


def test_water_in_the_saint_lawrence() -> None:
    said = content(
        "!AIVDM,2,1,3,A,8030ojA?0@=D?0@BDCD6Bod7e5Br@P2Ph01DE?<13CD@9ob6>UBEmP2;,0*0F", "!AIVDM,2,2,3,A,h00,2*7F"
    )
    assert said["message_id"] == 3
    assert said["reports"][0]["station_id"] == "PRTSTFR"
    assert (said["reports"][0]["lon"], said["reports"][0]["water_level_metres"]) == (-72.6193, 1.6)


def test_weather_on_a_ship_by_the_coast_guard() -> None:
    said = content("!SAVDM,1,1,1,A,85MrbQ1KmhB:nsE=HSaKIdRv<824,0*54")
    assert (said["air_pressure_hpa"], said["air_temperature_celsius"], said["wind_direction_degrees"]) == (
        1016,
        19.0,
        66,
    )


def test_sensors_of_the_coast_guard() -> None:
    body = "85362R1Kp@HpL07cebNpkUqR`O`0USQh17CvENUfI6@0002n>703wA937cmJ<N0000,4"
    said = content(f"!AIVDM,1,1,6,,{body}*54")
    location, weather, wind = said["reports"]
    assert (location["sensor"], location["lat"], location["altitude_metres"]) == ("site_location", 22.540963, 25.3)
    assert (weather["sensor"], weather["air_temperature_celsius"], weather["air_pressure_hpa"]) == (
        "weather",
        28.5,
        1019,
    )
    assert (wind["sensor"], wind["wind_knots"], wind["wind_direction_degrees"]) == ("wind_averaged", 15, 73)
    assert wind["averaging_minutes"] == 3


def test_an_encrypted_report_is_named_and_its_data_kept() -> None:
    fields = decode("!AIVDM,1,1,,A,85Mwp?AKf5jVQJn>IG`rNmfAgsvcOQ8<d@gtLd6?R13JLj=SD7<l,0*14")
    assert (fields["application"], fields["content"]) == ("us_blue_force_encrypted", None)
    assert fields["data"] == "5ca685ad8e657a3a7b5b91bfbfab7e120cb10bfc72c18f8810da732363507334"


def test_an_application_of_nobody_keeps_its_identifier_and_data() -> None:
    fields = broadcast(3, 3, (0, 16, 0xBEEF), length=16)
    assert [fields[name] for name in ("dac", "fid", "data", "application", "content")] == [3, 3, "beef", None, None]


def test_persons_on_board_in_four_forms() -> None:
    for said in (
        addressed(1, 16, (0, 13, 42), length=48),
        addressed(1, 40, (0, 13, 42), length=16),
        broadcast(1, 40, (0, 13, 42), length=16),
        decode(sentence(bits(6, (40, 10, 1), (50, 6, 16), (56, 13, 42), length=72), 72)),
    ):
        assert said["content"] == {"persons": 42}
    inland = addressed(200, 55, (0, 8, 3), (8, 13, 120), (21, 8, 255), length=80)
    assert inland["content"] == {"crew": 3, "passengers": 120}


def test_cargo_by_class() -> None:
    old = addressed(
        1, 12, (0, 30, six_bit("NLRTM")), (30, 4, 3), (100, 66, six_bit("LIQUID GAS@")), (244, 13, 1972), length=272
    )
    assert old["content"]["last_port"] == "NLRTM"
    assert (old["content"]["last_port_month"], old["content"]["un_number"]) == (3, 1972)
    assert old["content"]["main_dangerous_good"] == "LIQUID GAS"
    new = addressed(1, 25, (0, 2, 2), (2, 10, 700), (12, 4, 1), (16, 7, 31), (29, 4, 2), (33, 13, 1972), length=12 + 34)
    assert new["content"] == {
        "amount_unit": 2,
        "amount": 700,
        "cargoes": [{"code": 1, "imdg_class": 31}, {"code": 2, "un_number": 1972}],
    }


def test_tidal_windows_old_and_new() -> None:
    old = addressed(1, 14, (0, 4, 5), (9, 27, 30_000_000), (36, 28, 6_000_000), (64, 5, 7), (95, 7, 25), length=9 + 93)
    assert old["content"]["windows"] == [
        {"lon": 10.0, "lat": 50.0, "from_hour": 7, "from_minute": 0, "to_hour": 0, "to_minute": 0}
        | {"current_direction_degrees": 0, "current_knots": 2.5}
    ]
    new = addressed(1, 32, (9, 25, 600_000), (34, 24, 3_000_000), (58, 5, 7), (89, 8, 251), length=9 + 88)
    assert new["content"]["windows"][0]["lon"] == 10.0
    assert new["content"]["windows"][0]["current_knots"] == 25.1


def test_a_fairway_is_closed() -> None:
    spans = ((0, 36, six_bit("WRECK@")), (360, 10, 500), (372, 5, 12), (377, 4, 6), (392, 5, 14), (397, 4, 6))
    said = broadcast(1, 13, *spans, length=416)["content"]
    assert (said["reason"], said["radius"], said["from_day"], said["from_month"], said["to_day"]) == (
        "WRECK",
        500,
        12,
        6,
        14,
    )


def test_the_air_draught_of_a_ship() -> None:
    assert broadcast(1, 15, (0, 11, 455), length=16)["content"] == {"air_draught_metres": 45.5}


def test_an_arrival_at_a_lock_and_its_answer() -> None:
    place = ((0, 12, six_bit("NL")), (12, 18, six_bit("RTM")), (30, 30, six_bit("00123")))
    asked = addressed(200, 21, *place, (120, 4, 7), (140, 3, 7), (143, 12, 910), length=160)["content"]
    assert (asked["country"], asked["location"], asked["fairway_section"]) == ("NL", "RTM", "00123")
    assert (asked["eta_month"], asked["air_draught_metres"], "assisting_tugs" in asked) == (7, 9.1, False)
    assert addressed(200, 22, *place, (140, 2, 1), length=144)["content"]["status"] == 1


def test_a_signal_has_nine_lights() -> None:
    said = broadcast(200, 40, (55, 4, 3), (71, 30, 450_000_001), length=112)["content"]
    assert said["lights"] == [4, 5, 0, 0, 0, 0, 0, 0, 1]


def test_a_weather_warning_has_values_with_a_sign() -> None:
    said = broadcast(200, 23, (0, 8, 26), (166, 4, 7), (170, 9, -12), (179, 9, 255), length=200)["content"]
    assert (said["start_year"], said["weather"], said["least_value"]) == (2026, 7, -12)
    assert "greatest_value" not in said


def test_a_route_has_as_many_way_points_as_it_says() -> None:
    spans = ((13, 5, 2), (38, 18, 60), (56, 5, 1), (61, 28, 6_000_000), (89, 27, 30_000_000))
    said = broadcast(1, 27, *spans, length=61 + 110)["content"]
    assert said["waypoints"] == [{"lon": 10.0, "lat": 50.0}]
    assert (said["route_type"], said["duration_minutes"]) == (2, 60)


def test_a_weather_report_of_the_meteorological_organization() -> None:
    said = broadcast(1, 21, (0, 1, 1), (1, 16, 18_500), (17, 15, 13_000), (50, 7, 2), (69, 11, 1130), length=304)[
        "content"
    ]
    assert (said["wmo"], said["lon"], said["lat"]) == (True, 5.0, 40.0)
    assert (said["cog_degrees"], said["air_pressure_hpa"]) == (10, 1013.0)


@pytest.mark.parametrize(
    ("offset", "width", "value", "expected"), [(0, 7, 30, 30), (0, 7, 122, None), (0, 7, 121, 121)]
)
def test_a_sensor_says_a_number_or_nothing(offset: int, width: int, value: int, expected: int | None) -> None:
    said = broadcast(1, 26, (0, 4, 2), (27 + offset, width, value), length=112)["content"]["reports"][0]
    assert said.get("wind_knots") == expected


def test_a_structured_broadcast_of_type_25_is_read_like_an_8() -> None:
    number = bits(25, (39, 1, 1), (40, 10, 1), (50, 6, 29), (56, 10, 7), (66, 30, six_bit("HELLO")), length=96)
    fields = decode(sentence(number, 96))
    assert (fields["application"], fields["content"]) == ("imo_text_description", {"linkage_id": 7, "text": "HELLO"})


def test_a_structured_type_26_ends_before_its_communication_state() -> None:
    number = bits(26, (39, 1, 1), (40, 10, 1), (50, 6, 40), (56, 13, 9), (72, 20, 5), length=92)
    fields = decode(sentence(number, 92))
    assert (fields["content"], fields["radio"], fields["missing"]) == ({"persons": 9}, 5, None)


def test_fields_that_a_payload_is_too_short_for_are_named() -> None:
    fields = broadcast(1, 31, (0, 25, 600_000), length=286)
    assert fields["content"]["lon"] == 10.0
    assert fields["missing"] == "salinity_permille,ice"


def test_content_comes_through_the_broker_as_it_is() -> None:
    record = decode_one(raw("!AIVDM,1,1,,B,803Ovrh0EP:024`@02PN04da=3V<>N0000,4*39"))
    assert decode_decoded(encode([record])) == [record]
