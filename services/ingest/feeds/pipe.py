"""`file:/run/ais.fifo`: a named pipe or a character device, read like standard input.

The command ends with the writer; a service opens the pipe again, for the next one.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from fairway.errors import BadSetting
from services.ingest.feeds.standard_input import read_to_end
from services.ingest.source import Means, Reading

PAUSE_SECONDS = 0.2  # so that a device that has always ended, such as /dev/null, costs nothing


@dataclass(frozen=True)
class Pipe:
    """One pipe, which others write to. Held up, rather than spooled, while the broker is slow."""

    path: Path
    is_live = True

    @property
    def name(self) -> str:
        """The path, as it was given."""
        return str(self.path)

    def read(self, reading: Reading, means: Means) -> None:
        """Read until stopped, or with `means.until_read` until the first writer has ended. Raises BadSetting."""
        reading.prefix = uuid4().hex[:24]
        descriptor = self._open()
        try:
            with means.live_feed(reading, can_wait=True, prefix=reading.prefix) as feed:
                while read_to_end(descriptor, self.name, feed, means):
                    feed.hand_over()
                    if means.until_read:
                        reading.is_whole = True
                        return
                    before, descriptor = (
                        descriptor,
                        self._open(),
                    )  # never without a reader, which would break the writer
                    os.close(before)
                    means.stop.wait(PAUSE_SECONDS)
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        """At once, also when nobody writes yet: then nothing can be read until somebody does (fifo(7))."""
        try:
            return os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise BadSetting(f"{self.path} cannot be read: {error.strerror or error}") from None
