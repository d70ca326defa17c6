"""`file:-`: lines of standard input, as another program writes them."""

import os
import select
import sys
from dataclasses import dataclass
from uuid import uuid4

from fairway.errors import BadSetting
from services.ingest.content.opening import compression_of
from services.ingest.line_splitter import LineSplitter
from services.ingest.live_feed import LONGEST_LIVE_DOCUMENT, LiveFeed
from services.ingest.source import Means, Reading

CHUNK_BYTES = 1 << 16
IDLE_SECONDS = 0.5


@dataclass(frozen=True)
class StandardInput:
    """Ends when the other program does; held up, rather than spooled, while the broker is slow."""

    is_live = False
    name = "standard input"

    def read(self, reading: Reading, means: Means) -> None:
        """Read until the input ends. Raises BadSetting."""
        reading.prefix = uuid4().hex[:24]
        with means.live_feed(reading, can_wait=True, prefix=reading.prefix) as feed:
            reading.is_whole = read_to_end(descriptor(), self.name, feed, means)


def descriptor() -> int:
    """Of standard input. Raises BadSetting when whoever started us has closed it."""
    if sys.stdin is None or sys.stdin.closed:
        raise BadSetting("standard input is closed")
    return sys.stdin.fileno()


def read_to_end(descriptor: int, name: str, feed: LiveFeed, means: Means) -> bool:
    """Whether the other side ended, rather than we were stopped. Raises BadSetting when what comes is no text."""
    splitter = LineSplitter(LONGEST_LIVE_DOCUMENT)
    is_first = True
    while not means.stop.is_set():
        if not select.select([descriptor], [], [], feed.patience_seconds(IDLE_SECONDS))[0]:
            feed.idle()
            continue
        chunk = os.read(descriptor, CHUNK_BYTES)
        if is_first and compression_of(chunk):
            raise BadSetting(
                f"{name} is compressed; unpack it on the way, such as zcat FILE | …, or name the file itself"
            )
        is_first = False
        feed.take(splitter.split(chunk) if chunk else splitter.finish())
        means.read_bytes(len(chunk))
        if not chunk:
            return True
    return False
