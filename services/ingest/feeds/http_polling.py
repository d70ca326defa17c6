"""`http://…` and `https://…`: a document of reports that is fetched again and again, such as AISHub's or Digitraffic's."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from random import Random
from threading import Event

import msgspec
import structlog

from fairway import records, telemetry
from fairway.errors import BadSetting
from services.ingest.feeds.pauses import Pauses
from services.ingest.feeds.web_document import LONGEST_BYTES, FetchFailed, WebDocument
from services.ingest.line_format import One
from services.ingest.line_splitter import LineSplitter
from services.ingest.live_feed import LiveFeed
from services.ingest.options import Options, seconds
from services.ingest.source import Feed, Means, Reading

log = structlog.get_logger()

EVERY_SECONDS = 60.0
AISHUB_SECONDS = 60.0  # AISHub answers one call a minute, and errors to more
LONGEST_PAUSE_SECONDS = 600.0
IDLE_SECONDS = 0.5
MOST_REMEMBERED = 200_000  # reports: AISHub's whole world has some 50,000 vessels


@dataclass(frozen=True)
class HttpPolling:
    """One document. Its options stand behind a #, since what stands behind a ? is the server's.

    A report that was the same the last time is not published again.
    """

    url: str = field(repr=False)  # may hold a password or a key
    every: float = EVERY_SECONDS
    is_live = True
    name = ""

    def read(self, reading: Reading, means: Means) -> None:
        """Fetch until stopped."""
        document = WebDocument(self.url)
        with means.live_feed(reading, longest_document=LONGEST_BYTES, is_new=Unchanged(MOST_REMEMBERED).is_new) as feed:
            pauses = Pauses(Random(), self.every, max(self.every, LONGEST_PAUSE_SECONDS))
            while not means.stop.is_set():
                began = time.monotonic()
                pause = _fetch(document, feed, means.stop, pauses)
                _wait(max(pause, self.every - (time.monotonic() - began)), feed, means.stop)
        telemetry.feed_connected.labels(feed.tail).set(0)


class Http:
    """Makes feeds of addresses that begin with http:."""

    scheme = "http"

    @classmethod
    def parse(cls, address: str, options: Options) -> list[Feed]:
        """Option: every (seconds). Raises BadSetting, which does not tell the address's secrets."""
        every = options.take("every", seconds, EVERY_SECONDS)
        url = f"{cls.scheme}://{address}"
        try:
            document = WebDocument(url)
        except ValueError:
            raise BadSetting(f"the address of an {cls.scheme}: source is not one") from None
        if not document.host:
            raise BadSetting(f"{document} names no host: write it as {cls.scheme}://host/path")
        if document.host.endswith("aishub.net") and every < AISHUB_SECONDS:
            raise BadSetting(
                f"{document} may be fetched once in {AISHUB_SECONDS:g} seconds at most, not every {every:g}"
            )
        return [HttpPolling(url, every)]


class Https(Http):
    """Makes feeds of addresses that begin with https:."""

    scheme = "https"


class Unchanged:
    """Remembers the reports of the last documents, at most so many, by their hashes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: OrderedDict[int, None] = OrderedDict()

    def is_new(self, record: One) -> bool:
        """Whether this report says anything else than one before; when we received it does not count."""
        is_ours = record.time_source == "received"
        same = msgspec.structs.replace(record, received_at="", **({"event_time": ""} if is_ours else {}))
        key = hash(records.encode([same]))
        if key in self._seen:
            self._seen.move_to_end(key)
            return False
        self._seen[key] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True


def _fetch(document: WebDocument, feed: LiveFeed, stop: Event, pauses: Pauses) -> float:
    """Take what the document holds now; the least seconds to wait before the next time."""
    splitter = LineSplitter(LONGEST_BYTES)
    try:
        for chunk in document.fetch():
            feed.take(splitter.split(chunk))
            if stop.is_set():
                return 0.0
    except FetchFailed as error:
        log.warning("feed is away", source=feed.tail, address=str(document), error=str(error))
        telemetry.feed_errors.labels("http", "away").inc()
        telemetry.feed_connected.labels(feed.tail).set(0)
        return max(pauses.after(0.0), error.wait_seconds)
    finally:
        feed.take(splitter.finish())
        feed.end_stream()
        feed.hand_over()
    pauses.begin_anew()
    telemetry.feed_connected.labels(feed.tail).set(1)
    return 0.0


def _wait(seconds: float, feed: LiveFeed, stop: Event) -> None:
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        feed.idle()
        stop.wait(min(left, IDLE_SECONDS))
