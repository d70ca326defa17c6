"""One or more sentences of each message type, with values that others have published for them.

Values of types 1 to 23 and 25 to 27: libais test/test_data.py and Kpler's AISDecoder mock; 24: maritimo's decoder tests;
`data` in hex and the parts of `radio` by hand. Two-sided checks of whole recordings are in tests/conformance.
"""

from zlib import crc32

import pytest
from msgspec import structs

from services.decoder.decoding import decode_one
from services.decoder.rules import Values
from tests.unit.services.decoder.sentences import decode, decode_bits, raw, six_bit

PUBLISHED: list[tuple[tuple[str, ...], Values]] = [
    (
        ("!AIVDM,1,1,,B,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08",),
        {"msg_type": 1, "mmsi": 538090443, "lon": -8.6612, "lat": 35.690633, "sog": 10.9, "cog": 87.0, "heading": 85}
        | {"rot": 0.0, "nav_status": 0, "accuracy": True, "second": 59, "maneuver": None, "raim": False, "repeat": 0},
    ),
    (
        ("!AIVDM,1,1,,B,13dWSP0th0QdIcTEe4FdwB3:0@F`,0*1C",),
        {"rot": -7.54, "turning": None, "heading": 65, "cog": 332.5, "lon": 23.680617, "second": 37},
    ),
    (
        ("!AIVDM,1,1,,1,23aIk2?P0JPADNVMA`9ItOw>R0S2,0*13",),
        {"msg_type": 2, "mmsi": 244740872, "nav_status": None, "rot": None, "turning": None, "channel": "1"}
        | {"lon": 3.783605, "lat": 51.162515, "sog": 2.6, "cog": 254.5, "heading": None, "maneuver": 1, "radio": 2242},
    ),
    (
        ("!AIVDM,1,1,,B,33sOto0P08lQCKA:>143I1ms0000,0*4A",),
        {"msg_type": 3, "mmsi": 263716060, "lon": -160.496893, "lat": None, "second": 61, "maneuver": 2, "heading": 58},
    ),
    (
        ("!AIVDM,1,1,,B,4h2E3MQuiq3ILeUjqVMd@sG004IT,0*73",),
        {"msg_type": 4, "mmsi": 2442102, "repeat": 3, "utc_time": "2012-07-18T03:25:28.000Z", "utc_year": 2012}
        | {
            "utc_second": 28,
            "lon": None,
            "lat": 51.889888,
            "fix_type": 7,
            "accuracy": True,
            "long_range_control": False,
        },
    ),
    (
        ("!AIVDM,1,1,,B,402B4L0000Htt1Lg@6FV5vG00pAg,0*4F",),
        {"msg_type": 4, "utc_time": None, "utc_year": None, "utc_hour": None, "utc_minute": None, "lon": 20.258992},
    ),
    (
        (
            "!AIVDM,2,1,9,B,533uwnT00000uCCSS00MD5@Dl4h400000080001c8h<25uAn00Q1C1VRBS00,0*07",
            "!AIVDM,2,2,9,B,00000000000,2*2E",
        ),
        {"msg_type": 5, "mmsi": 205488090, "name": "GUATEMALA", "callsign": "OT4880", "destination": "DELFZIJL"}
        | {"imo": None, "ship_type": 107, "to_bow": 70, "to_stern": 12, "to_port": 2, "to_starboard": 5, "dte": True}
        | {"draught": 0.2, "ais_version": 1, "fix_type": 15, "eta_month": 5, "eta_day": 3, "eta_hour": 22}
        | {"eta_minute": 0, "eta": "2026-05-03T22:00:00.000Z"},
    ),
    (
        ("!AIVDM,1,1,,A,63m95T8uBK:0044@00P,2*7A",),
        {"msg_type": 6, "mmsi": 257050000, "seqno": 2, "dest_mmsi": 257060000, "retransmit": False, "dac": 1}
        | {"fid": 1, "data": "100008", "bits": 24},
    ),
    (
        ("!AIVDM,1,1,,B,7l9B8LhP00PDLCvMdkg00?vD2D7w,0*3A",),
        {"msg_type": 7, "mmsi": 278169715, "dest_mmsi_1": 134218245, "seqno_1": 0, "dest_mmsi_2": 474998636}
        | {"seqno_2": 3, "dest_mmsi_3": 250609727, "seqno_3": 3, "dest_mmsi_4": 620908671, "seqno_4": 3},
    ),
    (
        ("!AIVDM,1,1,,A,801tME0j60E04QJp1hhL10G20DH1,0*11",),
        {"msg_type": 8, "mmsi": 2039124, "dac": 200, "fid": 24, "data": "05401216b8070c1c0405c2014601", "bits": 112},
    ),
    (
        ("!AIVDM,1,1,,B,9oVAuAI5;rRRv2OqTi?1uoP?=a@1,0*74",),
        {"msg_type": 9, "mmsi": 509902149, "altitude": 2324, "altitude_barometric": False, "sog": 762.0, "cog": 50.3}
        | {
            "lon": 35.601198,
            "lat": -11.22934,
            "second": 30,
            "reserved": 3,
            "dte": False,
            "assigned": True,
            "raim": True,
        },
    ),
    (("!AIVDM,1,1,,A,:4`bLl0p3;Qd,0*77",), {"msg_type": 10, "mmsi": 311074000, "dest_mmsi_1": 235089435}),
    (
        ("!AIVDM,1,1,,A,;3P<f6iuiq00aOUu8DOD@j100000,0*44",),
        {"msg_type": 11, "mmsi": 235089435, "utc_time": "2012-07-18T00:00:41.000Z", "lon": -5.689583, "lat": 54.72972},
    ),
    (
        (
            "!AIVDM,2,1,1,A,<02PeAPpIkF06B?=PB?31P3?>DB?<rP@<51C5P3?>D13DPB?31P3?>DB,0*13",
            "!AIVDM,2,2,1,A,?<P?>PF86P381>>5<PoqP6?BP=1>41D?BIPB5@?BD@,4*66",
        ),
        {"msg_type": 12, "mmsi": 2633030, "dest_mmsi": 236572000, "seqno": 0, "retransmit": False}
        | {"text": "FROM ROCA CONTROL: PLEASE CONTACT ROCA CONTROL ON VHF CHANNEL 79 FOR MANDATORY REPORT"},
    ),
    (
        ("!AIVDM,1,1,,A,=3aDpM@pa=RmutjMeIojmgvLR0SE,0*28",),
        {"msg_type": 13, "dest_mmsi_1": 237581869, "seqno_1": 1, "dest_mmsi_4": 656540213, "seqno_4": 1},
    ),
    (("!AIVDM,1,1,,A,>>M@rl1<59B1@E=@0000000,2*0D",), {"msg_type": 14, "mmsi": 970210000, "text": "SART TEST"}),
    (
        ("!AIVDM,1,1,,B,?@0TcgRG`gmLD00000000000000,2*4F",),
        {"msg_type": 15, "dest_mmsi_1": 636010327, "type_1_1": 5, "offset_1_1": 0, "type_1_2": None}
        | {"offset_1_2": None, "dest_mmsi_2": None, "type_2_1": None, "offset_2_1": None},
    ),
    (
        ("!AIVDM,1,1,,B,@bQBNdhP010Fh<LMb;:GLOvJP4@d,0*7F",),
        {"msg_type": 16, "dest_mmsi_1": 134218757, "offset_1": 2819, "increment_1": 113}
        | {"dest_mmsi_2": 916638301, "offset_2": 3199, "increment_2": 922},
    ),
    (
        ("!AIVDM,1,1,,A,A6WWW6gP00a3PDlEKLrarOwUr8Mg,0*03",),
        {"msg_type": 17, "mmsi": 444196634, "lon": -54.613333, "lat": 35.033333, "bits": 88},
    ),
    (
        ("!AIVDM,1,1,,B,B6:VU2P0<:;2r84N5obLOwR2P0S9,0*23",),
        {"msg_type": 18, "mmsi": 413771018, "lon": 121.49976, "lat": 31.248843, "sog": 4.8, "cog": 250.3}
        | {"heading": None, "second": 4, "cs": False, "display": True, "dsc": False, "band": True, "msg22": False}
        | {"assigned": False, "raim": False, "radio": 2249, "reserved": None},
    ),
    (
        ("!AIVDM,1,1,,A,C7ldHCOH01nmtFP;UNuwQ6mTD2V30V:`B20000000000S0`WW320,0*27",),
        {"msg_type": 19, "name": "JASA SETIA", "ship_type": 70, "to_bow": 10, "to_stern": 79, "to_port": 14}
        | {"to_starboard": 6, "fix_type": 1, "dte": True, "assigned": False, "lon": 103.846475, "heading": 141}
        | {"cog": 204.0, "sog": 0.0, "reserved": 246 << 4 | 2},
    ),
    (
        ("!AIVDM,1,1,,A,D00FEd@04V0@0ET0L0Pp0T,2*4C",),
        {"msg_type": 20, "offset_1": 1, "number_1": 2, "timeout_1": 3, "increment_1": 4, "offset_3": 8, "number_3": 3}
        | {"timeout_3": 4, "increment_3": 9, "offset_4": None, "number_4": None, "increment_4": None},
    ),
    (
        ("!AIVDM,1,1,,B,E>jHC:k9Wbb4;WV2@6400000000@3nCL>v8t030HHKnf00,4*1C",),
        {"msg_type": 21, "mmsi": 992351019, "aton_type": 6, "name": "SOUTHWOLD LH", "lon": 1.681433, "lat": 52.3272}
        | {"to_bow": 3, "to_starboard": 3, "fix_type": 7, "second": 45, "off_position": False, "aton_status": 224}
        | {"virtual_aid": False, "assigned": False, "raim": False, "accuracy": True},
    ),
    (
        ("!AIVDM,1,1,,B,F6@2lUP0<0010W@OoK8<@oPE`02`,0*03",),
        {"msg_type": 22, "channel_a": 3, "channel_b": None, "txrx": 0, "power_low": False, "addressed": True}
        | {"dest_mmsi_1": 135504126, "dest_mmsi_2": 746787038, "band_a": False, "band_b": True, "zone_size": 3}
        | {"ne_lon": None, "sw_lat": None},
    ),
    (
        ("!AIVDM,1,1,,B,G02:KpP1R`sn@291njF00000900,2*1C",),
        {"msg_type": 23, "ne_lon": 2.63, "ne_lat": 51.07, "sw_lon": 1.826667, "sw_lat": 50.681667, "interval": 9}
        | {"station_type": 6, "ship_type": None, "txrx": 0, "quiet": None},
    ),
    (("!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D",), {"msg_type": 24, "part": "A", "name": "PROGUY"}),
    (
        ("!AIVDM,1,1,,A,H42O55lti4hhhilD3nink000?050,0*40",),
        {"msg_type": 24, "part": "B", "ship_type": 60, "callsign": "TC6163", "vendor_id": "1D0", "to_bow": 0}
        | {"to_stern": 15, "to_port": 0, "to_starboard": 5, "mothership_mmsi": None, "fix_type": None},
    ),
    (
        ("!AIVDM,1,1,,A,I5Mwp<B5IQU@9Q0<JChdsU1=n:T7,0*2A",),
        {"msg_type": 25, "mmsi": 366999601, "dest_mmsi": None, "dac": None, "bits": 128}
        | {"data": "8566195026100c693c2cee504dd8a907", "radio": None},
    ),
    (
        ("!AIVDM,1,1,,B,J3`gb9@P8w8CC8TMeGBU<TH>0L@u,0*24",),
        {"msg_type": 26, "mmsi": 244050469, "dest_mmsi": None, "dac": None, "bits": 108, "radio": 3 << 15 | 17469},
    ),
    (
        ("!AIVDM,1,1,,A,KrJN9vb@0?wl20RH,0*7A",),
        {"msg_type": 27, "mmsi": 698845690, "lon": 0.105, "lat": -2.553333, "sog": 1.0, "cog": 38.0, "nav_status": 9}
        | {"accuracy": True, "raim": False, "gnss": True},
    ),
]


@pytest.mark.parametrize(
    ("sentences", "published"),
    PUBLISHED,
    ids=lambda value: str(value.get("msg_type")) if isinstance(value, dict) else "",
)
def test_agrees_with_what_is_published(sentences: tuple[str, ...], published: Values) -> None:
    fields = decode(*sentences)
    assert {name: fields[name] for name in published} == published


def test_every_type_is_here() -> None:
    assert {values.get("msg_type") for _, values in PUBLISHED} >= set(range(1, 28))


def test_where_it_came_from_and_when_is_kept() -> None:
    fields = decode("!ABVDO,1,1,,B,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08")
    assert (fields["source"], fields["station"], fields["time_source"]) == ("coastal.test", "st1", "tag_block")
    assert (fields["event_time"], fields["received_at"]) == ("2026-01-02T03:04:05.000Z", "2026-01-02T03:04:06.000Z")
    assert (fields["talker"], fields["own_ship"], fields["channel"]) == ("AB", True, "B")


def test_a_correction_of_the_clock_is_handed_on() -> None:
    shifted = structs.replace(raw("!AIVDM,1,1,,B,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08"), time_shift=-3.5)
    broken = structs.replace(raw("!AIVDM,1,1,,B,,0*25"), time_shift=2.0)
    assert [decode_one(one).time_shift for one in (shifted, broken)] == [-3.5, 2.0]


def test_only_a_long_range_report_is_of_low_resolution() -> None:
    assert [decode_bits(msg_type)["low_resolution"] for msg_type in (1, 18, 19, 27)] == [False, False, False, True]


def test_an_aid_in_one_slot_is_an_aid() -> None:
    spans = ((38, 6, 61), (44, 28, 6_000_000), (72, 27, 30_000_000), (101, 3, 4), (104, 7, 20), (158, 8, 74))
    fields = decode_bits(28, (8, 30, 992191234), *spans)
    assert (fields["mmsi"], fields["lon"], fields["lat"], fields["second"]) == (992191234, 10.0, 50.0, 61)
    assert (fields["aton_type"], fields["aton_status"], fields["virtual_aid"]) == (20, 74, True)


def test_the_same_transmission_heard_by_two_has_one_digest() -> None:
    one, other = "!AIVDM,1,1,,A,{},0*08", "!BSVDM,1,1,3,B,{},0*00"
    payload, next_one = "181:Kjh01ewHFRPDK1s3IRcn06sd", "181:Kjh01ewHFRPDK1s3IRcn06se"
    assert decode(one.format(payload))["digest"] == decode(other.format(payload))["digest"] == crc32(payload.encode())
    assert decode(one.format(next_one))["digest"] == crc32(next_one.encode())


def test_an_auxiliary_craft_names_its_mother_ship() -> None:
    fields = decode_bits(24, (8, 30, 982351234), (38, 2, 1), (132, 30, 235012345), (162, 4, 1))
    assert (fields["mothership_mmsi"], fields["to_bow"], fields["fix_type"]) == (235012345, None, 1)


@pytest.mark.parametrize("mmsi", [979_999_999, 990_000_000])
def test_other_craft_have_dimensions_there(mmsi: int) -> None:
    fields = decode_bits(24, (8, 30, mmsi), (38, 2, 1), (132, 9, 5), (141, 9, 6))
    assert (fields["mothership_mmsi"], fields["to_bow"], fields["to_stern"]) == (None, 5, 6)


def test_an_aid_with_a_long_name_has_it_whole() -> None:
    name, extension = six_bit("EC WATER QUALITY BUO"), six_bit("Y EAST")
    fields = decode_bits(21, (43, 120, name), (272, 36, extension), length=308)
    assert fields["name"] == "EC WATER QUALITY BUOY EAST"


def test_a_space_at_the_joint_of_a_long_name_stays() -> None:
    fields = decode_bits(21, (43, 120, six_bit("HARBOUR ENTRANCE NO ")), (272, 18, six_bit("7@@")), length=296)
    assert fields["name"] == "HARBOUR ENTRANCE NO 7"


def test_names_end_at_their_first_padding() -> None:
    fields = decode_bits(5, (112, 120, six_bit("HAN KANG NO3@@@@@@B-")), (302, 120, six_bit(" ELBE              ")))
    assert fields["name"] == "HAN KANG NO3"
    assert decode_bits(5, (302, 120, six_bit("  ELBE".ljust(20))))["destination"] == "  ELBE"


def test_a_safety_text_keeps_what_is_in_its_middle() -> None:
    fields = decode_bits(14, (40, 60, six_bit("A@B C @ @@")), length=100)
    assert fields["text"] == "A@B C"


def test_a_channel_management_by_area_has_corners() -> None:
    corners = ((69, 18, 1050), (87, 17, -600), (104, 18, -1200), (122, 17, 54000))
    fields = decode_bits(22, (40, 12, 2087), (52, 12, 2088), (68, 1, 1), (142, 3, 4), *corners)
    assert (fields["channel_a"], fields["channel_b"], fields["power_low"], fields["zone_size"]) == (2087, 2088, True, 4)
    assert [fields[name] for name in ("ne_lon", "ne_lat", "sw_lon", "sw_lat")] == [1.75, -1.0, -2.0, 90.0]
    assert (fields["addressed"], fields["dest_mmsi_1"]) == (False, None)


@pytest.mark.parametrize("msg_type", [25, 26])
def test_flags_say_what_comes_before_the_data(msg_type: int) -> None:
    state = 20 if msg_type == 26 else 0
    end = (168 - state, state, 0x54321)
    both = decode_bits(msg_type, (38, 2, 3), (40, 30, 219), (72, 10, 367), (82, 6, 33), (88, 8, 0xA5), end, length=168)
    assert [both[name] for name in ("dest_mmsi", "dac", "fid", "bits")] == [219, 367, 33, 80 - state]
    assert str(both["data"]).startswith("a5")
    one = decode_bits(msg_type, (38, 2, 1), (40, 10, 367), (50, 6, 33), end, length=168)
    assert [one[name] for name in ("dest_mmsi", "dac", "fid", "bits")] == [None, 367, 33, 112 - state]
    other = decode_bits(msg_type, (38, 2, 2), (40, 30, 219), end, length=168)
    assert [other[name] for name in ("dest_mmsi", "dac", "bits")] == [219, None, 96 - state]
    assert both["radio"] == one["radio"] == other["radio"] == (0x54321 if state else None)
