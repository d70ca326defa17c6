"""Every form that lines have in the world, in samples from public recordings and documents."""

import pytest

from tests.unit.services.ingest.nmea_lines import Feed

# name: line(s), time_source, event_time without the milliseconds when they are zero, station, sentences of the first record
FORMS = {
    "bare": ("!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26", "received", None, None),
    "carriage return": ("!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26\r", "received", None, None),
    "channel 0": ("!AIVDM,1,1,0,,13KFI200001eRdHREjw<RanB0@50,0*55", "received", None, None),
    "no channel": ("!AIVDM,1,1,,,13aGs3@P000CWv:MH@rf300r0000,0*6B", "received", None, None),
    "channel C": (
        r"\s:AAUSAT3,c:1364272372,sub:2,bid:0,seq:231288,type:1,rssi:-72,freq:162000000*5E"
        "\\!AIVDM,1,1,,C,18153ogP?w1dD@@`JiRN4?wp0000,0*48",
        "tag_block",
        "2013-03-26T04:32:52",
        "AAUSAT3",
    ),
    "tag block 4.00, Kystverket": (
        r"\s:2573535,c:1671533231*08" + "\\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06",
        "tag_block",
        "2022-12-20T10:47:11",
        "2573535",
    ),
    "group added without a new sum": (
        r"\g:1-2-9999,c:1565218798*53" + "\\!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26",
        "tag_block",
        "2019-08-07T22:59:58",
        None,
    ),
    "tag block 4.10 group alone": (
        r"\2G2:20856*44" + "\\!ABVDM,1,1,5,A,13ohwb30068B1uEldHQ05UNB0L0S,0*24",
        "received",
        None,
        None,
    ),
    "IMIS": (
        r"\s:CSIR_000,q:u,c:1620731505,i:|X=0|D=1|T=44327.4781489815|P=10.0.100.6:12113|R=IN|E=10000000000000000000|*48"
        "\\!AIVDM,1,1,,B,33ku82U000OGsfHH:Uv`9j3J0>@<,0*68",
        "tag_block",
        "2021-05-11T11:11:45",
        "CSIR_000",
    ),
    "IMIS with the relay's arrival": (
        r"\s:Orbcom,q:v,c:1492562037,i:|X=1|D=1|T=42844.0236241782|P=127.0.0.1:12086|R=IN|,a:1492562041258*64"
        "\\!AIVDM,1,1,,A,13@e?B01BVVCD`L3Flm3IRoj0<0A,0*30",
        "tag_block",
        "2017-04-19T00:33:57",
        "Orbcom",
    ),
    "ORBCOMM": (
        r"\s:rORBCOMM007,q:u,c:1418171722,T:2014-12-10 00.35.22*55"
        "\\!AIVDM,1,1,,A,13F?Vv700;DJul5tvi88aDpb0<00,0*03",
        "tag_block",
        "2014-12-10T00:35:22",
        "rORBCOMM007",
    ),
    "exactEarth": (
        r"\s:rEV02,c:1334337317*58" + "\\!AIVDM,1,1,,B,19NWuLhuRb5QHfCpPcwj`26B0<02,0*5F",
        "tag_block",
        "2012-04-13T17:15:17",
        "rEV02",
    ),
    "Spire": (
        r"\c:1503079517*53" + "\\!AIVDM,1,1,,B,16:Vk1h00g8O=vRBDhNp0nKp0000,0*40",
        "tag_block",
        "2017-08-18T18:05:17",
        None,
    ),
    "Spire milliseconds, a quote left at the end": (
        r"\c:1599239526500,s:sdr-experiments,T:2020-09-04 18.12.06*5D"
        "\\!AIVDM,1,1,,A,B>cSnNP00FVur7UaC7WQ3wS1jCJJ,0*73'",
        "tag_block",
        "2020-09-04T17:12:06.500",
        "sdr-experiments",
    ),
    "Australian placeholder sum": (
        r"\c:1420030798*00" + "\\!ABVDM,1,1,4,B,17P;HV?P008F98Il;EC1mOwL0@KP,0*22",
        "tag_block",
        "2014-12-31T12:59:58",
        None,
    ),
    "US Coast Guard": (
        "!AIVDM,1,1,,A,35Mqd3POj3rmIpjGSpmeCJaH00Qh,0*34,d-095,S1651,t161344.00,T44.03018211,r3669963,1429287142",
        "trailing",
        "2015-04-17T16:12:22",
        "r3669963",
    ),
    "US Coast Guard, a name as station": (
        "!ANVDM,1,1,,B,15N6CB0000r86SRFAS:<E@SH08Il,0*43,r08ACERDC,1429287223",
        "trailing",
        "2015-04-17T16:13:43",
        "r08ACERDC",
    ),
    "US Coast Guard, a base station": (
        "!AIVDM,1,1,,A,15B4FT5000JRP>PE6E68Nbkl0PS5,0*70,b003669794,1272412827",
        "trailing",
        "2010-04-28T00:00:27",
        "b003669794",
    ),
    "two epochs": (
        "!AIVDM,1,1,,A,403Ovl@000Htt<tSF0l4Q@100`Pq,0*28,d-109,S2105,t050056.00,T56.13718694,r003669946,1325394060,1325394001",
        "trailing",
        "2012-01-01T05:01:00",
        "r003669946",
    ),
    "MSSIS": ("!AIVDM,1,1,,B,14pWHb?P03rwO<F:RQOnROw<25bd,0*3E,1357134218", "trailing", "2013-01-02T13:43:38", None),
    "MSSIS with junk": (
        "!AIVDM,1,1,,B,14pWHb?P03rwO<F:RQOnROw<25bd,0*3E,1daasd4218,,1357134222",
        "trailing",
        "2013-01-02T13:43:42",
        None,
    ),
    "trailing milliseconds": (
        "!AIVDM,1,1,,A,144gjIP0085KKPQHMPjT81Sb1PSL,0*22,1328133720087",
        "trailing",
        "2012-02-01T22:02:00.087",
        None,
    ),
    "ISO prefix and quotes": (
        "2021-11-01T13:26:28.392 IN 20 Net: '!AIVDM,1,1,,B,B7`dCV00<S7dNFJotIe7gweUkP06,0*22'",
        "prefix",
        "2021-11-01T13:26:28.392",
        None,
    ),
    "log prefix": (
        "2022-01-01 00:00:00,123: !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26",
        "prefix",
        "2022-01-01T00:00:00.123",
        None,
    ),
    "epoch prefix in nanoseconds": (
        "1550303566167726840 !AIVDM,1,1,,B,10bb7q@P0lPGHlVMhbl0Qgw>2>`<,0*7F",
        "prefix",
        "2019-02-16T07:52:46.167",
        None,
    ),
    "$PGHP": (
        "$PGHP,1,2013,3,18,9,19,9,499,219,,2190048,1,28*23\n!BSVDM,1,1,,B,14VliT002O0q2DBP:dAu7JRD0<0s,0*28",
        "pghp",
        "2013-03-18T09:19:09.499",
        "2190048",
    ),
    "$PGHP behind a tag block": (
        "\\si:AISD*3F\\\n$PGHP,1,2014,10,2,16,30,3,887,219,1,992190917,1,7B*5C\n"
        "!AIVDM,1,1,,B,13:BuN001=15mQFOjcOBG1p800SK,0*7B",
        "pghp",
        "2014-10-02T16:30:03.887",
        "992190917",
    ),
    "$PGHP of a relay": (
        "$PGHP,1,2012,2,1,20,25,32,896,316,2,316000002,1AIS_S,79*7B,1328133971810\n"
        "!AIVDM,1,1,,A,13F=qV8P1;5G=tQK6ESc7?vb20RM,0*79,1328133971860",
        "pghp",
        "2012-02-01T20:25:32.896",
        "316000002",
    ),
    "$PGHP of an own ship's report": (
        "$PGHP,1,2010,6,11,11,46,12,642,219,,2190074,1,00*24\n!BSVDO,1,1,,B,4025bvQuaUcf<0hJ2FQ2M2A005Jp,0*34",
        "pghp",
        "2010-06-11T11:46:12.642",
        "2190074",
    ),
    "$PGHP of two parts": (
        "$PGHP,1,2014,10,2,16,30,54,586,219,,2190077,1,2A*5A\n"
        "!BSVDM,2,1,2,A,53:BuN02?B>4?APO:21=@t>0l58<T6222222221@9hF=26Qd0?4iH1km,0*19\n"
        "!BSVDM,2,2,2,A,?TiH3VC`8888880,2*33",
        "pghp",
        "2014-10-02T16:30:54.586",
        "2190077",
    ),
    "$PSHI tells no time": (
        "$PSHI,010,0003,0028,,,,,,*16\n!AIVDM,1,1,,A,152HKUhP00FHiCNQFkEh0?wj0D01,0*22",
        "received",
        None,
        None,
    ),
    "Danish base station": (
        "\\si:foo,sb:2190047*78\\\n!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26",
        "received",
        None,
        "2190047",
    ),
    "group over two lines": (
        "\\g:1-2-1159,s:CSIR,c:1620731662,i:|X=1|D=1|T=44327.4683069097|P=10.0.100.6:12113|R=IN|*46\\"
        "!AIVDM,2,1,9,A,53Fted42?II@D5=:2204h8Ub2222222222222216:`?1>5D80B0hDh@S0CPh,0*3F\n"
        "\\g:2-2-1159*51\\!AIVDM,2,2,9,A,H8888888880,2*5D",
        "tag_block",
        "2021-05-11T11:14:22",
        "CSIR",
    ),
    "group with another line between": (
        "\\g:1-2-1604,s:rORBCOMM008,c:1418169601,T:2014-12-10 00.00.01*37\\"
        "!AIVDM,2,1,6,A,53@o0E000001Q0CG37U8u<Tp4q@D00000000000018330400000000000000,0*63\n"
        "$GPGLL,1*00\n"
        "\\g:2-2-1604,s:rORBCOMM008,c:1418169601,T:2014-12-10 00.00.01*34\\!AIVDM,2,2,6,A,00000000008,2*2A",
        "tag_block",
        "2014-12-10T00:00:01",
        "rORBCOMM008",
    ),
    "group id with a minus sign": (
        "\\g:1-2--001,c:1326055296*3C\\"
        "!AIVDM,2,1,3,A,E7`B1:dW7oHth@@@@@@@@@@@@@@6@6R;mMQM@10888Qr8`8888888888,0*65\n"
        "\\g:2-2--001*41\\!AIVDM,2,2,3,A,8880,0*1D",
        "tag_block",
        "2012-01-08T20:41:36",
        None,
    ),
    "two parts on one line, times a second apart": (
        "\\s:rMT6214,t:marinetraffic,c:1698785964*42\\"
        "!AIVDM,2,1,1,B,539NW<`00000@KGGOT08DhhE`40000000000000D8h:35vT<05@CU5iDT888,0*31"
        "\\s:rMT6214,t:marinetraffic,c:1698785964*42\\!AIVDM,2,2,1,B,00000000003Sg0,0*23",
        "tag_block",
        "2023-10-31T20:59:24",
        "rMT6214",
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("padding", [0, 20])
def test_reads_the_form(form: str, padding: int) -> None:
    text, time_source, event_time, station = FORMS[form]
    lines = text.encode().split(b"\n") + [b""] * padding
    [record] = Feed().read_at_once(lines)
    assert record.defect is None
    assert (record.time_source, record.station) == (time_source, station)
    if event_time is not None:
        assert record.event_time == (event_time if "." in event_time else f"{event_time}.000") + "Z"


def test_a_gofree_sentence_with_a_field_too_many_is_malformed() -> None:
    [record] = Feed().read(b"!AIVDM,1,1,1,,13aI8e?P00PGpU:NR6s00?vT2000,0,0*1C")
    assert record.defect == "malformed"
    assert record.sentences == ("!AIVDM,1,1,1,,13aI8e?P00PGpU:NR6s00?vT2000,0,0*1C",)


def test_talkers_that_differ_part_a_message() -> None:
    line = (
        b"\\s:rMT2083,t:marinetraffic,c:1698785948*44\\"
        b"!ABVDM,2,1,8,A,53l3sj42A590=5Q2220UHE:04=@Ttr222222221@9HH>46ii0=D532Dp?`1D,0*28"
        b"\\s:rMT2083,t:marinetraffic,c:1698785947*4B\\!AIVDM,2,2,8,A,888888888888880,2*2C"
    )
    feed = Feed()
    assert feed.read(line) == []
    assert feed.tally.sentences == 2
