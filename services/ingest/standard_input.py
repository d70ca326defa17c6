"""`file:-`: lines of standard input, as another program writes them."""

import os
import select
import sys
from threading import Event

from services.ingest.feed import LiveFeed
from services.ingest.line_splitter import LineSplitter

CHUNK_BYTES = 1 << 16
IDLE_SECONDS = 0.5


def read(feed: LiveFeed, stop: Event) -> bool:
    """Read until the input ends; False when stopped before."""
    descriptor = sys.stdin.fileno()
    splitter = LineSplitter()
    while not stop.is_set():
        if not select.select([descriptor], [], [], feed.patience_seconds(IDLE_SECONDS))[0]:
            feed.idle()
            continue
        chunk = os.read(descriptor, CHUNK_BYTES)
        feed.take(splitter.split(chunk) if chunk else splitter.finish())
        if not chunk:
            break
    return not stop.is_set()
