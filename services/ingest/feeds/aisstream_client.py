"""The connection to aisstream.io: subscribes at once, notices silence, and never asks too often or says the key."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event
from urllib.parse import urlsplit

import structlog
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from fairway import telemetry
from services.ingest.feeds.aisstream_reports import Reports, ServerError
from services.ingest.feeds.pauses import Pauses
from services.ingest.feeds.retry_after import retry_after

log = structlog.get_logger()

RETRY_SECONDS = 5.0  # connecting again faster has been answered with HTTP 429 (aisstream/issues#253)
LONGEST_PAUSE_SECONDS = 300.0
REFUSED_TIMES = 12  # a refusal, such as of a key, is waited out this many times longer
LONGEST_REFUSAL_SECONDS = 3600.0
OPEN_SECONDS = 10.0
CLOSE_SECONDS = 0.5
PING_SECONDS = 20.0
LONGEST_FRAME = 1 << 20  # bytes; a report has some hundred
MOST_WAITING = 4_096  # frames that may wait for us: a slow reader is cut off by the server
IDLE_SECONDS = 0.5
LONGEST_TEXT = 200  # characters of a server's error that are logged

# The library logs every frame it sends at level debug, the subscription with its key among them.
_quiet = logging.getLogger("fairway.aisstream")
_quiet.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Subscription:
    """The message that must follow the opening within three seconds, and the key in it."""

    text: str = field(repr=False)
    key: str = field(repr=False)

    def without_key(self, text: str) -> str:
        """What a server says, fit for a log."""
        return "".join(c if c.isprintable() else " " for c in text.replace(self.key, "…"))[:LONGEST_TEXT]


@dataclass
class _Session:
    """What became of one connection: why it ended, and when its first and last reports came."""

    reason: str = ""
    first: float = 0.0
    last: float = 0.0
    wait_seconds: float = 0.0  # that the server asks for
    is_refused: bool = False

    def note(self, now: float) -> None:
        self.first, self.last = self.first or now, now


class Client:
    """Keeps one subscription alive. `subscription` makes the message anew each time; its argument asks to filter by MMSI."""

    def __init__(
        self,
        url: str,
        subscription: Callable[[bool], Subscription],
        reports: Reports,
        stop: Event,
        *,
        silence: float,
        retry: float = RETRY_SECONDS,
    ) -> None:
        self._url = url
        self._subscription = subscription
        self._reports = reports
        self._stop = stop
        self._silence = silence
        self._asks_by_mmsi = reports.filters_mmsi
        self._lost = Pauses(Random(), retry, max(retry, LONGEST_PAUSE_SECONDS), least=retry)
        slow = retry * REFUSED_TIMES
        self._refused = Pauses(Random(), slow, max(slow, LONGEST_REFUSAL_SECONDS), least=slow)
        self._host = urlsplit(url).hostname
        self._log = log.bind(source=reports.tail, host=self._host)

    def run(self) -> None:
        """Read until stopped."""
        while not self._stop.is_set():
            session = self._connect()
            telemetry.feed_connected.labels(self._reports.tail).set(0)
            self._reports.hand_over()
            if self._stop.is_set():
                return
            telemetry.feed_errors.labels("aisstream", session.reason).inc()
            telemetry.reconnects.labels(self._reports.tail).inc()
            self._stop.wait(self._pause(session))

    def _pause(self, session: _Session) -> float:
        read_seconds = session.last - session.first
        pauses = self._refused if session.is_refused else self._lost
        pause = pauses.after(read_seconds)
        if not session.is_refused and session.last:
            self._refused.begin_anew()
        return max(pause, session.wait_seconds)

    def _connect(self) -> _Session:
        session = _Session()
        subscription = self._subscription(self._asks_by_mmsi)
        try:
            with connect(
                self._url,
                open_timeout=OPEN_SECONDS,
                close_timeout=CLOSE_SECONDS,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
                max_size=LONGEST_FRAME,
                max_queue=MOST_WAITING,
                user_agent_header="fairway",
                logger=_quiet,
            ) as connection:
                connection.send(subscription.text)
                telemetry.feed_connected.labels(self._reports.tail).set(1)
                self._log.info("connected")
                self._read(connection, session)
        except ServerError as error:
            self._fail(session, "refused", subscription.without_key(str(error)), is_refused=True)
        except InvalidStatus as error:
            status = error.response.status_code
            session.wait_seconds = retry_after(error.response.headers.get("Retry-After"), time.time())
            reason = "throttled" if status == 429 else "refused" if status < 500 else "away"
            self._fail(session, reason, f"HTTP {status}", is_refused=status < 500)
        except ConnectionClosed as error:
            self._fail(session, "lost", subscription.without_key(str(error)))
        except (OSError, WebSocketException) as error:
            self._fail(session, "away", subscription.without_key(str(error)))
        return session

    def _read(self, connection: ClientConnection, session: _Session) -> None:
        heard = time.monotonic()
        while not self._stop.is_set():
            try:
                frame = connection.recv(self._reports.patience_seconds(IDLE_SECONDS), decode=False)
            except TimeoutError:
                self._reports.idle()
                if time.monotonic() - heard > self._silence:
                    self._give_up(session)
                    return
                continue
            self._reports.take(frame)
            heard = time.monotonic()
            session.note(heard)

    def _give_up(self, session: _Session) -> None:
        """Connected and subscribed, and yet nothing: known of the service, above all when it filters by MMSI."""
        telemetry.feed_stalls.labels(self._reports.tail).inc()
        if self._asks_by_mmsi:
            self._asks_by_mmsi = False
            self._log.warning("all vessels are asked for from now on, and filtered here")
        self._fail(session, "silent", f"nothing came for {self._silence:g} s")

    def _fail(self, session: _Session, reason: str, text: str, *, is_refused: bool = False) -> None:
        session.reason, session.is_refused = reason, is_refused
        if not self._stop.is_set():
            self._log.warning("feed is away", reason=reason, error=text)
