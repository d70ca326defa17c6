from tests.unit.services.ingest.formats.tables.table_reading import position, read, static

AISHUB = "MMSI,TIME,LONGITUDE,LATITUDE,COG,SOG,HEADING,NAVSTAT,PAC,ROT,IMO,NAME,CALLSIGN,TYPE,DEVICE,A,B,C,D,DRAUGHT,DEST,ETA"


def test_aishub_as_ais_sends_it() -> None:
    found = read(
        AISHUB,
        "477266900,1516320059,2419589,31185128,1040,59,290,5,1,-3,9448815,COSCO VIETNAM,VRID5,71,1,"
        "242,92,12,31,120,NL RTM,99181",
    )
    where, who = position(found), static(found)
    assert (where.lon, where.lat, where.cog, where.sog, where.rot) == (4.032648, 51.975213, 104.0, 5.9, -0.4)
    assert (where.event_time, where.accuracy) == ("2018-01-19T00:00:59.000Z", True)
    assert (who.draught, who.to_bow, who.destination, who.ship_type) == (12.0, 242, "NL RTM", 71)
    assert (who.eta_month, who.eta_day, who.eta_hour, who.eta_minute) == (1, 16, 13, 45)


def test_aishub_for_people() -> None:
    found = read(
        AISHUB,
        "477266900,2011-04-12 10:40:27 GMT,118.44586666667,-24.5,104.0,5.9,290,5,0,0,9448815,COSCO,VRID5,71,1,"
        "242,92,12,31,12.0,NL RTM,04-14 12:30",
    )
    assert (position(found).lon, position(found).sog) == (118.445867, 5.9)
    assert (static(found).draught, static(found).eta) == (12.0, "2011-04-14T12:30:00.000Z")


def test_both_forms_may_follow_each_other() -> None:
    as_sent = "477266900,1516320059,2419589,31185128,1040,59,290,5,1,-3,,,,,,,,,,,,"
    for_people = "477266900,2011-04-12 10:40:27 GMT,118.4,-24.5,104.0,5.9,290,5,0,0,,,,,,,,,,,,"
    assert [
        getattr(each, "sog", None) for each in read(AISHUB, as_sent, for_people, as_sent.replace("059,", "060,"))
    ] == [5.9, 5.9, 5.9]


def test_digitraffics_eta_is_bits_and_its_draught_tenths() -> None:
    found = read(
        "timestamp,mmsi,name,longitude,latitude,sog,cog,heading,nav_stat,ship_type,destination,eta,draught,pos_acc",
        "2025-12-11T20:44:50.102399+00:00,376128000,FFS ATLAS,19.612433,59.1802,6.5,205.7,205,3,52,UNKNOWN,811520,36.0,1",
    )
    assert (static(found).eta, static(found).draught, static(found).destination) == (
        "2025-12-12T08:00:00.000Z",
        3.6,
        "UNKNOWN",
    )
    assert (position(found).nav_status, position(found).accuracy) == (3, True)


def test_skytruths_rate_of_turn_is_the_raw_byte() -> None:
    header = "mmsi,longitude,latitude,timestamp,score,navstat,hdg,rot,cog,sog"
    found = position(
        read(header, "700000151,-63.5914016667,-50.0711116667,1334072103,0.272906797456,7.0,511.0,251.0,232.8,102.3")
    )
    assert (found.lon, found.rot, found.sog, found.nav_status) == (-63.591402, -1.12, None, 7)


def test_ntnus_tables_have_semicolons() -> None:
    header = "Unnamed: 0;mmsi;date_time_utc;sog;cog;true_heading;nav_status;calc_speed;lon;lat"
    found = position(read(header, "8694;209445000;2020-01-01 01:06:19;9.7;185.8;189;0;9.5;7.92002;63.0731"))
    assert (found.heading, found.lat, found.event_time) == (189, 63.0731, "2020-01-01T01:06:19.000Z")


def test_ntnus_ships_are_dated_by_the_last_day_they_said_so() -> None:
    found = read(
        "mmsi;imo;name;callsign;length;width;type;date_min;date_max",
        "9108127;-99;ONWA8127;-99;19;15;70.0;2018-06-27;2018-06-28",
    )
    assert len(found) == 1
    who = static(found)
    assert (who.event_time, who.imo, who.callsign, who.ship_type) == ("2018-06-28T00:00:00.000Z", None, None, 70)


def test_a_providers_own_ship_classes_are_not_ais_types() -> None:
    header = '"Latitude","Longitude","MMSI","UTC","vesselLength","vesselType","SOG"'
    who = static(read(header, '33.44478,-118.4852,338184371,2022-04-28 12:35:46,7,"other",0.3'))
    assert (who.length, who.ship_type) == (7.0, None)
