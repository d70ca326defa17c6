"""Ships through the Suez Canal about the day on which the Ever Given went aground, with three crossings reckoned by hand.

The recording lies beside the repository in shared/data; without it this is skipped. It has a position about every twelve
minutes, to the minute, and numbers its ships from 1.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.records import Decoded
from services.db_inserter.stage import Inserter
from services.ingest.formats.tables import mapping
from services.offline import read_file
from tests.integration.crossings.flow import Found, Line, ask, store
from tests.integration.db_inserter.queries import query

RECORDING = Path(__file__).parents[4] / "shared" / "data" / "decoded" / "evergiven_suez_boat_positions.csv"
pytestmark = pytest.mark.skipif(not RECORDING.is_file(), reason=f"no recording at {RECORDING}")

MAPPING = """
columns: {ID: mmsi, longitude: lon, latitude: lat}
time: {columns: [ais_pos_timestamp], format: "%d/%m/%Y %H:%M"}
"""
NO_COUNTRY = 200_000_000  # added to the recording's numbers: no country has MMSIs that begin with 200
EVER_GIVEN = 235
BEGIN, END = datetime(2021, 3, 20, tzinfo=UTC), datetime(2021, 3, 25, tzinfo=UTC)

SOUTH = 29.98  # four kilometres south of where she went aground
AGROUND = 30.0177
BITTER_LAKE = 30.3
QANTARA = 30.85


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Decoded]:
    table = tmp_path_factory.mktemp("suez") / "suez.csv"
    header, *rows = RECORDING.read_text(encoding="utf-8-sig").splitlines()
    numbered = (row.partition(",") for row in rows)
    table.write_text("\n".join([header, *(f"{NO_COUNTRY + int(ship)},{rest}" for ship, _, rest in numbered)]))
    reading = read_file(table, "archive.suez", mapping.parse(MAPPING, "suez"))
    assert len(reading.decoded) + reading.tally.ignored["duplicate_row"] == len(rows) == 22_287
    assert not reading.rejected
    return reading.decoded


@pytest.fixture(scope="module")
def canal(owner_url: str, writer_url: str, maintainer_url: str, reports: list[Decoded]) -> Iterator[Connection]:
    """With all that the default rules keep."""
    with closing(database.connect(owner_url)) as db:
        db.autocommit = True
        inserter = Inserter(writer_url, ledger_days=14, partition_days_ahead=1)
        with closing(inserter), closing(database.connect(maintainer_url)) as maintainer:
            store(inserter, maintainer, reports, "default")
        yield db


def across(lat: float) -> Line:
    """From the west to the east over the canal: who goes north crosses it from right to left."""
    return ((32.2, lat), (32.7, lat))


def changes(db: Connection, lat: float) -> list[bool]:
    """Of any two positions of a ship in a row on different sides: whether more than an hour is between them."""
    rows = query(
        db,
        "SELECT event_time - before > '1 hour' FROM ("
        " SELECT event_time, lat >= %s AS north, lag(event_time) OVER w AS before, lag(lat >= %s) OVER w AS was_north"
        " FROM ais.fixes WHERE event_time >= %s AND event_time < %s WINDOW w AS (PARTITION BY mmsi ORDER BY event_time)"
        ") AS f WHERE north <> was_north",
        *(lat, lat, BEGIN, END),
    )
    return [in_silence for (in_silence,) in rows]


def test_the_ships_that_crossed_south_of_the_grounding(canal: Connection) -> None:
    found = ask(canal, across(SOUTH), BEGIN, END)
    assert Counter(row.from_left for row in found) == {False: 73, True: 65}
    assert len({row.mmsi for row in found}) == len(found)  # nobody came back within these days
    assert changes(canal, SOUTH) == [False] * 138
    _is_by_hand(found, 235, "2021-03-23 05:30:47.566", 32.584933, from_left=False)
    _is_by_hand(found, 17, "2021-03-22 14:02:15.114", 32.583832, from_left=True)
    _is_by_hand(found, 128, "2021-03-20 03:43:01.067", 32.584578, from_left=False)


def _is_by_hand(found: list[Found], ship: int, moment: str, lon: float, *, from_left: bool) -> None:
    """Reckoned from the rows of the recording before and after, latitudes in units of the last digit.

    235  23/03/2021 05:17, 32.5684, 29.93727     (2998000 - 2993727) / (2998374 - 2993727) = 4273 / 4647 = 0.919518
         23/03/2021 05:32, 32.58638, 29.98374    of 900 s are 827.566 s; of 0.01798 degrees 0.016533
     17  22/03/2021 13:55, 32.58302, 29.99783    (2999783 - 2998000) / (2999783 - 2996095) = 1783 / 3688 = 0.483460
         22/03/2021 14:10, 32.5847, 29.96095     of 900 s are 435.114 s; of 0.00168 degrees 0.000812
    128  20/03/2021 03:37, 32.58603, 29.9652     (2998000 - 2996520) / (3000455 - 2996520) = 1480 / 3935 = 0.376112
         20/03/2021 03:53, 32.58217, 30.00455    of 960 s are 361.067 s; of -0.00386 degrees -0.001452
    There is another of 03:37, 144 metres on; of one minute the filter keeps the first in the table. The other gives 20 s less.
    """
    [row] = [row for row in found if row.mmsi == NO_COUNTRY + ship]
    assert row.at == pytest.approx(datetime.fromisoformat(f"{moment}+00:00").timestamp(), abs=0.001)
    assert row.lon == pytest.approx(lon, abs=1e-6)
    assert row.from_left == from_left


@pytest.mark.parametrize(("lat", "known", "in_silence"), [(SOUTH, 138, 0), (BITTER_LAKE, 119, 22), (QANTARA, 44, 107)])
def test_what_is_known_and_what_passed_in_silence_are_together_all_changes_of_side(
    canal: Connection, lat: float, known: int, in_silence: int
) -> None:
    assert len(ask(canal, across(lat), BEGIN, END)) == known
    assert Counter(changes(canal, lat)) == Counter({False: known, True: in_silence})


def test_a_ship_aground_on_the_line_crosses_it_as_her_fixes_wander(canal: Connection) -> None:
    found = [row.mmsi - NO_COUNTRY for row in ask(canal, across(AGROUND), BEGIN, END)]
    assert {ship: times for ship, times in Counter(found).items() if times > 1} == {EVER_GIVEN: 6}
    assert len(set(found)) == 135
