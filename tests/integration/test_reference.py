"""Schema ref: every code has its words, an MMSI its country, and the table of digits is the ITU's."""

import csv
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.records import DECODED_KINDS, kind_of
from services.decoder.layouts import BY_TYPE
from services.filter.rules.select import BEFORE_MID
from tests.integration.db_inserter.queries import query

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference"
MOST_MMSI = (1 << 30) - 1

# How the digits of an MMSI are written, ITU-R M.585-9: nine of them, those of a country the first after certain others.
WRITTEN = re.compile("(?:" + "|".join(BEFORE_MID) + ")([2-7][0-9][0-9])[0-9]*")


@pytest.fixture(scope="module")
def db(migrated_url: str) -> Iterator[Connection]:
    with closing(database.connect(migrated_url)) as connection:
        connection.autocommit = True
        yield connection


@pytest.mark.parametrize(
    ("mmsi", "mid"),
    [
        ("219012345", 219),  # a ship
        ("021912345", 219),  # a group of ships
        ("002191234", 219),  # a coast station
        ("111219012", 219),  # a search-and-rescue aircraft
        ("821912345", 219),  # a handheld VHF
        ("982191234", 219),  # a craft of a mother ship
        ("992191234", 219),  # an aid to navigation
        ("970219012", None),  # AIS-SART
        ("972219012", None),  # man overboard
        ("974219012", None),  # EPIRB
        ("799999999", 799),  # digits that are not allotted are digits
        ("800123456", None),
        ("111199999", None),
        ("119219012", None),
        ("199999999", None),
        ("981999999", None),
        ("988000000", None),
        ("991999999", None),
        ("998000000", None),
        ("000219012", None),
        ("000000000", None),
    ],
)
def test_the_digits_of_a_country_are_where_the_kind_of_station_has_them(
    db: Connection, mmsi: str, mid: int | None
) -> None:
    assert query(db, "SELECT ref.mid_of(%s)", int(mmsi)) == [(mid,)]


def test_no_mmsi_and_numbers_that_are_none_have_no_digits(db: Connection) -> None:
    assert query(db, "SELECT ref.mid_of(null), ref.mid_of(-219012345), ref.mid_of(1073741823)") == [(None, None, None)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.integers(0, MOST_MMSI),
            st.builds(
                lambda before, rest: int((before + rest)[:9]),
                st.sampled_from([*BEFORE_MID, "000", "970", "972", "974", "1", "11"]),
                st.text("0123456789", min_size=9, max_size=9),
            ),
        ),
        min_size=1,
        max_size=500,
    )
)
def test_the_digits_are_those_that_the_written_number_has(db: Connection, numbers: list[int]) -> None:
    found = query(
        db,
        "SELECT ref.mid_of(mmsi) FROM unnest(%s::integer[]) WITH ORDINALITY AS n (mmsi, place) ORDER BY place",
        numbers,
    )
    written = [WRITTEN.fullmatch(f"{number:09}") if number < 10**9 else None for number in numbers]
    assert found == [(int(match[1]) if match else None,) for match in written]


def test_a_number_names_its_country_or_none(db: Connection) -> None:
    asked = {
        219012345: "Denmark",
        992_571_234: "Norway",
        2_320_001: "United Kingdom",
        999_999_999: None,
        299_000_000: None,
    }
    for mmsi, country in asked.items():
        assert query(db, "SELECT ais.country_of(%s)", mmsi) == [(country,)]


def test_mid_of_may_stand_in_an_index_and_in_parallel_plans(db: Connection) -> None:
    rows = query(db, "SELECT provolatile, proparallel FROM pg_proc WHERE oid = 'ref.mid_of(integer)'::regprocedure")
    assert rows == [("i", "s")]


def test_all_codes_have_words(db: Connection) -> None:
    for table, code, codes in (
        ("ship_types", "ship_type", range(100)),
        ("nav_statuses", "nav_status", range(16)),
        ("msg_types", "msg_type", range(1, 29)),
    ):
        assert query(db, f"SELECT {code} FROM ref.{table} ORDER BY 1") == [(each,) for each in codes]


def test_a_type_of_message_becomes_the_kind_that_the_decoder_makes_of_it(db: Connection) -> None:
    kinds = dict(query(db, "SELECT msg_type, kind FROM ref.msg_types"))
    assert set(kinds.values()) == {kind_of(kind) for kind in DECODED_KINDS}
    assert {number: kind_of(layout.kind) for number, layout in BY_TYPE.items()}.items() <= kinds.items()


def test_a_type_of_ship_has_its_class_and_what_it_says_besides(db: Connection) -> None:
    asked = {
        0: (None, None),
        19: (None, None),
        24: ("wing in ground", "hazard category OS"),
        30: ("fishing", None),
        31: ("tug", "towing"),
        38: (None, None),
        52: ("tug", None),
        55: ("service", "law enforcement"),
        70: ("cargo", None),
        71: ("cargo", "hazard category X"),
        75: ("cargo", None),
        89: ("tanker", None),
        93: ("other", "hazard category Z"),
    }
    rows = query(db, "SELECT ship_type, ship_class, subclass FROM ref.ship_types")
    assert {code: (ship_class, subclass) for code, ship_class, subclass in rows if code in asked} == asked


def test_the_classes_are_those_that_the_comment_lists(db: Connection) -> None:
    [(comment,)] = query(
        db,
        "SELECT col_description(attrelid, attnum) FROM pg_attribute"
        " WHERE attrelid = 'ref.ship_types'::regclass AND attname = 'ship_class'",
    )
    listed = str(comment).partition(": ")[2].partition(". ")[0].split(", ")
    assert set(listed) == {name for (name,) in query(db, "SELECT ship_class FROM ref.ship_types") if name}


def test_what_comes_with_the_schema_says_its_source_and_licence(db: Connection) -> None:
    rows = query(db, "SELECT what, licence, url, loaded_at FROM ref.sources")
    assert all(licence and str(url).startswith("https://") for _, licence, url, _ in rows)
    assert {loaded for *_, loaded in rows} == {None}
    said = " ".join(str(what) for what, *_ in rows)
    filled = ("mids", "ship_types", "nav_statuses", "msg_types")
    assert [name for name in filled if f"ref.{name}" not in said] == []


def test_a_country_has_both_codes_or_neither(db: Connection) -> None:
    odd = query(
        db,
        "SELECT mid FROM ref.mids WHERE coalesce(alpha2 !~ '^[A-Z]{2}$' OR alpha3 !~ '^[A-Z]{3}$', true)"
        " OR (alpha2 IS NULL) <> (alpha3 IS NULL)",
    )
    assert odd == [(306,)]
    assert query(db, "SELECT country FROM ref.mids GROUP BY 1 HAVING count(DISTINCT alpha2) > 1") == []
    assert query(db, "SELECT alpha2 FROM ref.mids GROUP BY 1 HAVING count(DISTINCT (country, alpha3)) > 1") == []


def read(name: str) -> str:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"no tables to compare with: {name} is not in shared/data/reference beside the repository")
    return path.read_text(encoding="utf-8")


def test_the_digits_are_those_that_the_itu_has_allotted(db: Connection) -> None:
    rows = csv.DictReader(read("itu_maritime_identification_digits.csv").splitlines())
    allotted = {int(row["MID"]): row["Allocated_to"] for row in rows}
    named = query(db, "SELECT mid, country || ' ' || coalesce(part, '') FROM ref.mids")
    ours = {mid: name.strip() for mid, name in named}
    assert sorted(ours) == sorted(allotted)
    assert {name for mid, name in ours.items() if not beginnings(name) & beginnings(allotted[mid])} == {"Laos"}


def beginnings(name: str) -> set[str]:
    """The first letters of the words that tell one country from another."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    of_many = ("republic", "united", "islands", "island", "saint", "democratic")
    return {word[:4] for word in re.findall(r"\w{4,}", plain) if word not in of_many}


def test_the_codes_of_countries_are_those_of_another_table(db: Connection) -> None:
    theirs = {int(mid): (alpha2, alpha3) for mid, (alpha2, alpha3, *_) in json.loads(read("mids.json")).items()}
    ours = {mid: (alpha2, alpha3) for mid, alpha2, alpha3 in query(db, "SELECT mid, alpha2, alpha3 FROM ref.mids")}
    unlike = {mid: (ours.get(mid), codes) for mid, codes in theirs.items() if ours.get(mid) != codes}
    assert unlike == {
        306: ((None, None), ("CW", "CUW")),  # three share it
        311: (("BS", "BHS"), ("BS", "BMU")),  # theirs is a slip: the ITU allots it to the Bahamas
        335: (None, ("HN", "HND")),  # the ITU allots Honduras 334
        607: (("TF", "ATF"), ("FR", "FRA")),  # ISO 3166-1 has a code for these islands
        608: (("SH", "SHN"), ("GB", "GBR")),
        618: (("TF", "ATF"), ("FR", "FRA")),
        635: (("TF", "ATF"), ("FR", "FRA")),
    }


def test_libais_knows_no_digits_that_we_do_not(db: Connection) -> None:
    theirs = {int(row["prefix"]) for row in csv.DictReader(read("libais_mid.csv").splitlines())}
    ours = {mid for (mid,) in query(db, "SELECT mid FROM ref.mids")}
    assert theirs - ours == set()
    assert ours - theirs == {374, 471, 550}


def test_the_classes_of_derived_tables_are_those_of_ship_types(db: Connection) -> None:
    assert (
        query(db, "SELECT ship_type FROM ref.ship_types WHERE ship_class IS DISTINCT FROM ais.ship_class(ship_type)")
        == []
    )
