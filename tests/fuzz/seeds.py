"""Sound lines of every format, to be spoiled: the simulator's, and one sample of each form of line."""

from datetime import UTC, datetime
from itertools import islice

from simulator.fleet import make_fleet
from simulator.traffic import generate

START = datetime(2025, 6, 1, tzinfo=UTC)

SAMPLES: tuple[bytes, ...] = (
    b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26",
    b"!BSVDM,2,1,8,A,53l3sj42A590=5Q2220UHE:04=@Ttr222222221@9HH>46ii0=D532Dp?`1D,0*3A",
    rb"\s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06",
    rb"\2G2:20856*44\!ABVDM,1,1,5,A,13ohwb30068B1uEldHQ05UNB0L0S,0*24",
    rb"\g:1-2-1159,s:CSIR,c:1620731662,i:|X=1|D=1|T=44327.4683069097|P=10.0.100.6:12113|R=IN|*46"
    rb"\!AIVDM,2,1,9,A,53Fted42?II@D5=:2204h8Ub2222222222222216:`?1>5D80B0hDh@S0CPh,0*3F",
    rb"\g:2-2-1159*51\!AIVDM,2,2,9,A,H8888888880,2*5D",
    b"$PGHP,1,2014,4,10,13,30,29,165,219,,2190067,1,28*22",
    b"!AIVDM,1,1,,A,35Mqd3POj3rmIpjGSpmeCJaH00Qh,0*34,d-095,S1651,t161344.00,T44.03018211,r3669963,1429287142",
    b"!AIVDM,1,1,,B,14pWHb?P03rwO<F:RQOnROw<25bd,0*3E,1357134218",
    b"2021-11-01T13:26:28.392 IN 20 Net: '!AIVDM,1,1,,B,B7`dCV00<S7dNFJotIe7gweUkP06,0*22'",
    b"1550303566167726840 !AIVDM,1,1,,B,10bb7q@P0lPGHlVMhbl0Qgw>2>`<,0*7F",
    b'{"timestamp":1752743247895,"nmea":"!AIVDM,1,1,,B,35AMFN5000WJudP0g4v613jR0Dg:,0*4E"}',
    b'{"class":"AIS","device":"stdin","type":1,"repeat":0,"mmsi":257591700,"scaled":true,"status":0,"speed":0.0,'
    b'"lon":7.601958,"lat":63.074553,"course":360.0,"heading":511,"second":57}',
    b'{"MessageType":"ShipStaticData","MetaData":{"MMSI":319156300,"time_utc":"2023-05-10 11:46:52.509865357 +0000 UTC"},'
    b'"Message":{"ShipStaticData":{"MessageID":5,"UserID":319156300,"Valid":true,"ImoNumber":9794549,"Name":"PAPA"}}}',
    b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo",
    b"477307900,2017-12-01T00:00:03,36.90512,-76.32652,0.0,131.0,352.0,FIRST,IMO9739666,VRPJ6,1004,moored,337,,,",
    b"# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,"
    b"Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D",
    b"18/03/2023 00:00:00,Class A,352002266,55.4921,14.7525,Under way using engine,0.7,12.5,241.8,241,Unknown,,,Undefined"
    b",,,,Undefined,,,,AIS,,,,",
    b'<vessel MMSI="311733000" TIME="1302264927" LONGITUDE="-818067" LATITUDE="30453520" COG="2351" SOG="59"/>',
    b"<VESSELS>",
    b"</VESSELS>",
    b"[",
    b"]",
    b"",
    b"# a comment",
)


def lines(messages: int = 300) -> list[bytes]:
    """Samples and simulated traffic, with and without tag blocks."""
    fleet = make_fleet(40, 7)
    tagged = islice(generate(fleet, START), messages)
    bare = islice(generate(fleet, START, tag_blocks=False), messages // 3)
    simulated = [sentence for traffic in (tagged, bare) for sent in traffic for sentence in sent.sentences]
    return [*SAMPLES, *simulated]
