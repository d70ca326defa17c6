"""The simulator knows when each of its ships crosses a line; ais.crossings knows it too, from what the ships report."""

from itertools import takewhile

import pytest
from psycopg2.extensions import connection as Connection

from fairway.clock import ms_of, to_ms
from fairway.records import Decoded, Position
from services.db_inserter.stage import Inserter
from services.offline import read_file
from simulator.traffic import generate
from tests.integration.crossings import ships, truth
from tests.integration.crossings.flow import Found, ask, store
from tests.integration.crossings.ships import GATE, LAT, MIDNIGHT, SECONDS, START, ZIGZAG, Scene, moment
from tests.integration.crossings.truth import Crossing, Line
from tests.integration.db_inserter.queries import query

SEED = 1
BEGIN, END = 200.0, SECONDS - 200.0  # each ship has reported before, at rest every three minutes, and reports again
AT_REST = 198.0  # the longest pause between reports of a ship at rest, seconds
UNDER_WAY = {  # the longest pause between positions of class A and of class B that these rules keep
    "keep_all": (11.0, 33.0),
    "default": (71.0, 93.0),  # one a minute: a report comes up to that much later
}


@pytest.fixture(scope="module")
def scene() -> Scene:
    return ships.scene(SEED)


@pytest.fixture(scope="module")
def reports(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> list[Decoded]:
    """What a receiver beside the lane logs, decoded."""
    log = tmp_path_factory.mktemp("simulated") / "reports.nmea"
    log.write_bytes(b"\n".join(sentence for sent in _heard(scene) for sentence in sent))
    reading = read_file(log)
    assert not reading.rejected
    return reading.decoded


@pytest.fixture(scope="module")
def paths(scene: Scene) -> list[truth.Path]:
    return [truth.path(ship.mmsi, ship.motion, BEGIN, END) for ship in scene.fleet.ships]


def _heard(scene: Scene) -> list[tuple[bytes, ...]]:
    sent = takewhile(lambda sent: sent.event_time < moment(SECONDS), generate(scene.fleet, START))
    return [
        each.sentences
        for each in sent
        if each.mmsi not in scene.silences
        or not scene.silences[each.mmsi].begin
        < (each.event_time - START).total_seconds()
        < scene.silences[each.mmsi].end
    ]


def crossings(paths: list[truth.Path], line: Line) -> list[Crossing]:
    return sorted(crossing for path in paths for crossing in path.crossings(line))


@pytest.mark.parametrize("rules", ["keep_all", "default"])
def test_the_crossings_are_those_of_the_simulator(
    db: Connection,
    inserter: Inserter,
    maintainer: Connection,
    scene: Scene,
    reports: list[Decoded],
    paths: list[truth.Path],
    rules: str,
) -> None:
    store(inserter, maintainer, reports, rules)
    for line in (GATE, _ending_between_ships(scene, paths), ZIGZAG):
        known = [crossing for crossing in crossings(paths, line) if crossing.mmsi != scene.lost]
        found = ask(db, line, moment(BEGIN), moment(END))
        _agree(scene, rules, found, known)
        two_days = ask(db, line, moment(BEGIN), moment(MIDNIGHT)) + ask(db, line, moment(MIDNIGHT), moment(END))
        assert two_days == found


def test_the_scene_has_all_that_is_difficult(scene: Scene, reports: list[Decoded], paths: list[truth.Path]) -> None:
    who = [crossing.mmsi for crossing in crossings(paths, GATE)]
    assert who.count(scene.turns_past) >= 4
    assert who.count(scene.goes_round) >= 4
    assert who.count(scene.swings) == 2
    assert who.count(scene.turns_short) == who.count(scene.lies) == 0
    assert who.count(scene.lost) == who.count(scene.heard_again) == 1
    assert {ship.mmsi for ship in scene.fleet.ships} - set(who) > {scene.turns_short, scene.lies}
    within = {crossing.mmsi for crossing in crossings(paths, _ending_between_ships(scene, paths))}
    assert scene.lost in within
    assert not within & set(scene.at_midnight)
    assert {_is_after_midnight(mmsi, reports, paths) for mmsi in scene.at_midnight} >= {True, False}


def test_what_crosses_in_a_silence_of_more_than_an_hour_is_not_known(
    db: Connection,
    inserter: Inserter,
    maintainer: Connection,
    scene: Scene,
    reports: list[Decoded],
) -> None:
    silent = [report for report in reports if report.mmsi in scene.silences]
    store(inserter, maintainer, silent, "keep_all")
    assert [found.mmsi for found in ask(db, GATE, moment(BEGIN), moment(END))] == [scene.heard_again]
    sides = query(
        db,
        "SELECT DISTINCT lat > %s FROM ais.fixes WHERE mmsi = %s AND event_time BETWEEN %s AND %s",
        *(LAT, scene.lost, moment(BEGIN), moment(END)),
    )
    assert len(sides) == 2


def _agree(scene: Scene, rules: str, found: list[Found], known: list[Crossing]) -> None:
    """Each ship's are in order, each within what is allowed: so all are, but for ships that cross at the same moment."""
    assert found == sorted(found, key=lambda row: row.at)
    rows, known = sorted(found), sorted(known, key=lambda crossing: (crossing.mmsi, crossing.at))
    assert [(row.mmsi, row.from_left) for row in rows] == [(crossing.mmsi, crossing.from_left) for crossing in known]
    ships_of = {ship.mmsi: ship for ship in scene.fleet.ships}
    for row, crossing in zip(rows, known, strict=True):
        ship = ships_of[row.mmsi]
        pause = AT_REST if row.mmsi == scene.swings else UNDER_WAY[rules][not ship.is_class_a]
        if row.mmsi == scene.heard_again:
            silence = scene.silences[row.mmsi]
            pause += silence.end - silence.begin
        allowed = truth.tolerance(ship.motion, crossing, pause)
        assert abs(row.at - START.timestamp() - crossing.at) <= allowed.seconds
        assert truth.metres_between((row.lon, row.lat), (crossing.lon, crossing.lat)) <= allowed.metres


def _is_after_midnight(mmsi: int, reports: list[Decoded], paths: list[truth.Path]) -> bool | None:
    """Of a crossing between the last report of one day and the first of the next; None of another."""
    [crossing] = [crossing for crossing in crossings(paths, GATE) if crossing.mmsi == mmsi]
    positions = [report for report in reports if report.mmsi == mmsi and isinstance(report, Position)]
    seconds = [(to_ms(report.event_time) - ms_of(START)) / 1000 for report in positions]
    last, first = max(at for at in seconds if at < MIDNIGHT), min(at for at in seconds if at >= MIDNIGHT)
    return crossing.at >= MIDNIGHT if last < crossing.at < first else None


def _ending_between_ships(scene: Scene, paths: list[truth.Path]) -> Line:
    """The line as far as between the ways of those who keep far to the right and of those who do not: 55 m from either."""
    lons = {crossing.mmsi: crossing.lon for crossing in crossings(paths, GATE)}
    return (GATE[0], ((lons[scene.lost] + lons[scene.at_midnight[0]]) / 2, LAT))
