"""The client of aisstream.io against a server on this machine that behaves as that one does, well and badly."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from fairway.errors import BadSetting, BrokerAway
from fairway.records import Position
from fairway.settings import IngestSettings, read
from fairway.testing import MemoryBroker
from services.ingest.feeds.aisstream import WORLD
from services.ingest.sources import parse

KEY = "k3y-of-nobody"
SUBSCRIPTION_SECONDS = 3.0
Ingest = Callable[..., Any]
Until = Callable[..., bool]
Talk = Callable[[ServerConnection, dict[str, Any]], None]


def report(mmsi: int = 368171260, lat: float = 33.731168, lon: float = -118.261105, **over: Any) -> str:
    """A frame as the service sends it."""
    position = {
        "MessageID": 3,
        "RepeatIndicator": 0,
        "UserID": mmsi,
        "Valid": True,
        "NavigationalStatus": 5,
        "RateOfTurn": 0,
        "Sog": 0.1,
        "PositionAccuracy": True,
        "Longitude": lon,
        "Latitude": lat,
        "Cog": 333.7,
        "TrueHeading": 338,
        "Timestamp": 37,
        "SpecialManoeuvreIndicator": 0,
        "Spare": 0,
        "Raim": False,
        "CommunicationState": 86138,
    }
    about = {"MMSI": mmsi, "ShipName": "MADELINE ", "latitude": lat, "longitude": lon}
    about["time_utc"] = "2025-05-15 09:27:38.342017448 +0000 UTC"
    frame = {"MessageType": "PositionReport", "MetaData": about, "Message": {"PositionReport": position}}
    return json.dumps({**frame, **over})


class Service:
    """Talks as `talk` says to each client that subscribes in time; `refusals` are HTTP answers given before that."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.subscriptions: list[dict[str, Any]] = []
        self.refusals: list[tuple[int, dict[str, str]]] = []
        self.attempts = 0
        self.late = 0
        self.closing = Event()
        self.url = ""

    @contextmanager
    def running(self) -> Iterator["Service"]:
        with serve(self._serve, "127.0.0.1", 0, process_request=self._answer, close_timeout=0.1) as server:
            self.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/v0/stream"
            thread = Thread(target=server.serve_forever)
            thread.start()
            yield self
            self.closing.set()
            server.shutdown()
        thread.join(5)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        self.attempts += 1
        if not self.refusals:
            return None
        status, headers = self.refusals.pop(0)
        response = connection.respond(status, "no")
        response.headers.update(headers)
        return response

    def _serve(self, connection: ServerConnection) -> None:
        try:
            self.subscriptions.append(json.loads(connection.recv(SUBSCRIPTION_SECONDS)))
        except TimeoutError:
            self.late += 1
            return
        self._talk(connection, self.subscriptions[-1])


@pytest.fixture
def service() -> Iterator[Callable[[Talk], Service]]:
    stack: list[Any] = []

    def start(talk: Talk) -> Service:
        running = Service(talk).running()
        stack.append(running)
        return running.__enter__()

    yield start
    for running in stack:
        running.__exit__(None, None, None)


@pytest.fixture
def source(ingest: Ingest, tmp_path: Path) -> Callable[..., Any]:
    """Ingest from a service, with the options of a file of sources."""

    def start(service: Service, *, broker: MemoryBroker | None = None, **options: Any) -> Any:
        file = tmp_path / "sources.yaml"
        file.write_text(yaml.safe_dump({"live": {"url": "aisstream:", "retry": 0.02, **options}}))
        text = file.read_text().replace("url: 'aisstream:'", f"url: 'aisstream:?url={service.url}'")
        file.write_text(text)
        return ingest(file=file, broker=broker, aisstream_key=KEY)

    return start


def stay(connection: ServerConnection, *frames: str | bytes) -> None:
    """Send, then wait until the client closes."""
    for frame in frames:
        connection.send(frame)
    for _ in connection:
        pass


def test_subscribes_at_once_and_publishes_decoded_records(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until
) -> None:
    here = service(lambda connection, _: stay(connection, report(), report(219000001).encode()))
    run = source(here)
    assert until(lambda: len(run.decoded) == 2), "a binary frame is as good as one of text"
    key, record = run.decoded[0]
    assert key == "decoded.ais.live"
    assert isinstance(record, Position)
    assert (record.mmsi, record.time_source, record.event_time) == (368171260, "provider", "2025-05-15T09:27:38.342Z")
    assert here.subscriptions == [{"APIKey": KEY, "BoundingBoxes": WORLD}]
    assert run.stop() < 1.5
    assert (run.readings[0].tally.lines, run.readings[0].tally.decoded, here.late) == (2, 2, 0)


def test_asks_for_zones_types_and_vessels(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until
) -> None:
    here = service(lambda connection, _: stay(connection))
    source(here, zones={"dk": [[58, 16], [54, 7]]}, types=["PositionReport"], mmsi=[219000001, "219000002"])
    assert until(lambda: here.subscriptions)
    assert here.subscriptions[0] == {
        "APIKey": KEY,
        "BoundingBoxes": [[[54.0, 7.0], [58.0, 16.0]]],
        "FiltersShipMMSI": ["219000001", "219000002"],
        "FilterMessageTypes": ["PositionReport"],
    }


def test_reports_go_to_their_zones_and_what_was_not_asked_for_is_counted(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until, metric: Callable[..., float]
) -> None:
    def dropped(reason: str) -> float:
        return metric("fairway_feed_dropped_records_total", source="live", reason=reason)

    before = {reason: dropped(reason) for reason in ("zone", "type", "mmsi")}
    frames = [
        report(1, 0.0, 0.0),
        report(2, 55.0, 10.0),
        report(2, 55.0, 10.0, MessageType="Interrogation"),
        report(3, 55.0, 10.0),
        report(1, 57.8, 10.0),
        report(1, 60.0, 10.0),
    ]
    here = service(lambda connection, _: stay(connection, *frames))
    run = source(
        here,
        zones={"dk": [[54, 7], [58, 16]], "no": [[57.5, 4], [72, 32]]},
        types="PositionReport",
        mmsi="1,2",
    )
    assert until(lambda: len(run.decoded) == 3)
    assert sorted((key, record.mmsi) for key, record in run.decoded) == [
        ("decoded.ais.live.dk", 1),
        ("decoded.ais.live.dk", 2),
        ("decoded.ais.live.no", 1),
    ]
    assert {record.source for _, record in run.decoded} == {"live.dk", "live.no"}
    assert {reason: dropped(reason) - count for reason, count in before.items()} == {"zone": 1, "type": 1, "mmsi": 1}
    run.stop()
    tally = run.readings[0].tally
    assert (tally.lines, tally.data_lines, tally.decoded) == (6, 6, 3)


def test_connects_and_subscribes_again_after_an_abrupt_end(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until
) -> None:
    def cut(connection: ServerConnection, _: dict[str, Any]) -> None:
        connection.send(report())
        connection.socket.shutdown(socket.SHUT_RDWR)

    here = service(cut)
    run = source(here)
    assert until(lambda: len(run.decoded) >= 2)
    assert len(here.subscriptions) >= 2


def test_a_silent_subscription_is_made_again_and_then_without_the_filter_that_is_known_to_fail(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until, metric: Callable[..., float]
) -> None:
    before = metric("fairway_feed_stalls_total", source="live")

    def deaf(connection: ServerConnection, subscription: dict[str, Any]) -> None:
        stay(connection, *([] if "FiltersShipMMSI" in subscription else [report(1), report(2)]))

    here = service(deaf)
    run = source(here, mmsi=1, silence=0.05)
    assert until(lambda: run.decoded)
    assert {record.mmsi for _, record in run.decoded} == {1}
    assert metric("fairway_feed_stalls_total", source="live") > before


def test_an_error_of_the_server_is_shown_without_the_key_and_not_hammered(
    service: Callable[[Talk], Service],
    source: Callable[..., Any],
    until: Until,
    metric: Callable[..., float],
    logs: list[dict[str, object]],
) -> None:
    before = metric("fairway_feed_errors_total", kind="aisstream", reason="refused")
    here = service(lambda connection, _: stay(connection, json.dumps({"error": f"Api Key {KEY} Is Not Valid"})))
    run = source(here, retry=1)
    assert until(lambda: any(entry.get("error") == "Api Key … Is Not Valid" for entry in logs))
    run.stop()
    assert here.attempts == 1
    assert metric("fairway_feed_errors_total", kind="aisstream", reason="refused") == before + 1
    assert KEY not in str(logs)


@pytest.mark.parametrize(("status", "reason"), [(401, "refused"), (429, "throttled"), (503, "away")])
def test_a_refusal_is_waited_out(
    service: Callable[[Talk], Service],
    source: Callable[..., Any],
    until: Until,
    status: int,
    reason: str,
    logs: list[dict[str, object]],
) -> None:
    here = service(lambda connection, _: stay(connection, report()))
    here.refusals.append((status, {}))
    run = source(here, retry=0.01)
    assert until(lambda: run.decoded)
    assert any(entry.get("reason") == reason and entry.get("error") == f"HTTP {status}" for entry in logs)


def test_stays_away_as_long_as_the_server_asks(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until, logs: list[dict[str, object]]
) -> None:
    here = service(lambda connection, _: stay(connection, report()))
    here.refusals.append((429, {"Retry-After": "30"}))
    run = source(here, retry=0.001)
    assert until(lambda: logs)
    assert not until(lambda: here.attempts > 1, 0.3)
    assert run.stop() < 1.5


def test_frames_of_any_content_do_no_harm(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until
) -> None:
    confirmation = '{"MessageType": "SubscriptionConfirmation", "Message": {}}'
    odd = [b"\xff\xfe", "", "[]", "[" * 5000, "null", '{"MessageType": 5}', confirmation]
    odd += [report(Message=None), report(MetaData=[]), report(MessageType=["x"]), report([{}])]  # type: ignore[arg-type]
    here = service(lambda connection, _: stay(connection, *odd, report(7)))
    run = source(here, zones={"all": [[-90, -180], [90, 180]]}, types="PositionReport", mmsi=7)
    assert until(lambda: any(record.mmsi == 7 for _, record in run.decoded))
    assert len(here.subscriptions) == 1
    run.stop()
    tally = run.readings[0].tally
    assert tally.lines == len(odd) + 1 == tally.data_lines + tally.ignored.total()


def test_a_frame_without_end_is_not_taken(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until
) -> None:
    here = service(lambda connection, _: stay(connection, "x" * (2 << 20)))
    source(here)
    assert until(lambda: len(here.subscriptions) > 1)


def test_a_slow_broker_does_not_hold_up_the_reading(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until
) -> None:
    sent, broker = Event(), MemoryBroker()
    broker.fail_publish.extend([BrokerAway("away")] * 3)

    def talk(connection: ServerConnection, _: dict[str, Any]) -> None:
        for number in range(1, 2001):
            connection.send(report(number))
        sent.set()
        stay(connection)

    run = source(service(talk), broker=broker)
    assert until(sent.is_set)
    assert until(lambda: len(run.decoded) == 2000)
    assert [record.mmsi for _, record in run.decoded] == list(range(1, 2001))


def test_a_missing_key_is_said_in_one_sentence(ingest: Ingest, until: Until) -> None:
    run = ingest("a=aisstream:")
    assert until(lambda: run.readings[0].error)
    assert run.readings[0].error.startswith("aisstream needs a key: set FAIRWAY_AISSTREAM_KEY")


def test_the_key_is_a_setting_that_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    settings = read(IngestSettings, {"FAIRWAY_AISSTREAM_KEY_FILE": str(tmp_path / "key")})
    assert settings.aisstream_key is not None
    assert settings.aisstream_key.get_secret_value() == KEY
    assert KEY not in repr(settings)
    assert read(IngestSettings, {"FAIRWAY_AISSTREAM_KEY": ""}).aisstream_key is None


def test_the_key_may_stand_in_a_file_of_its_own(
    service: Callable[[Talk], Service], source: Callable[..., Any], until: Until, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("other\n")
    here = service(lambda connection, _: stay(connection))
    source(here, key_file=str(tmp_path / "key"))
    assert until(lambda: here.subscriptions)
    assert here.subscriptions[0]["APIKey"] == "other"


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ("types=PositionRaport", "did you mean PositionReport"),
        ("mmsi=abc", "mmsi of"),
        ("url=https://x", "wss://"),
        ("zones=dk:1,2", "lat,lon"),
        ("silense=5", "did you mean silence"),
    ],
)
def test_a_bad_option_is_one_sentence(options: str, hint: str) -> None:
    with pytest.raises(BadSetting, match=hint):
        parse(f"a=aisstream:?{options}")
