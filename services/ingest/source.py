"""What the intake and the kinds of sources know of each other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from fairway.errors import BadSetting
from fairway.settings import IngestSettings
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.imports import Lookup, Progress
from services.ingest.line_format import One, Tally
from services.ingest.live_feed import LONGEST_LIVE_DOCUMENT, LiveFeed
from services.ingest.options import Options
from services.ingest.outbox import Outbox


@dataclass(frozen=True)
class Source:
    """One feed: its name in routing keys and rows, where it is read from, and what all kinds have as options."""

    tail: str
    kind: str
    feed: "Feed"
    mapping: Mapping | None = None  # explains a table whose columns Fairway does not know by itself
    correct_clock: bool = False  # add the estimated skew of the source's clock to its stamps

    @property
    def is_live(self) -> bool:
        """Whether it goes on without us; a file waits."""
        return self.feed.is_live

    def check_clock(self) -> None:
        """Raises BadSetting when the clock of something is to be corrected whose lines nobody saw come in."""
        if self.correct_clock:
            raise BadSetting(f"correct_clock does not go with {self.name}: nothing says when a file's lines came in")

    @property
    def name(self) -> str:
        """What to call it in a message to a person."""
        return self.feed.name or self.tail


@dataclass
class Reading:
    """What came of one source. `prefix` begins the ids of its batches, when they have one in common."""

    source: Source
    prefix: str | None = None
    tally: Tally = field(default_factory=Tally)
    imported_at: str | None = None  # the file was imported before, and there was nothing to do
    is_whole: bool = False
    error: str | None = None


@dataclass(frozen=True)
class Means:
    """What a source may use while it is read."""

    settings: IngestSettings
    outbox: Outbox
    progress: Progress
    stop: Event
    imported: Lookup = lambda hash_, tail: None
    again: bool = False
    speed: float | None = None
    read_bytes: Callable[[int], None] = lambda count: None
    until_read: bool = True  # whether we end when all sources have; a service does not

    def live_feed(
        self,
        reading: Reading,
        *,
        tail: str | None = None,
        can_wait: bool = False,
        prefix: str | None = None,
        longest_document: int = LONGEST_LIVE_DOCUMENT,
        is_new: Callable[[One], bool] | None = None,
    ) -> LiveFeed:
        """The way to the outbox for a source that goes on without us; its tally becomes the reading's."""
        source = reading.source
        feed = LiveFeed(
            tail or source.tail,
            self.settings,
            self.outbox,
            can_wait=can_wait,
            prefix=prefix,
            correct_clock=source.correct_clock,
            mapping=source.mapping,
            longest_document=longest_document,
            is_new=is_new,
        )
        reading.tally = feed.tally
        return feed


class Feed(Protocol):
    """One kind of source, parsed from its address: a frozen dataclass in a file of its own under feeds/."""

    @property
    def is_live(self) -> bool:
        """Whether it goes on without us."""

    @property
    def name(self) -> str:
        """The file it reads, for people; empty when the source's tail says enough."""

    def read(self, reading: Reading, means: Means) -> None:
        """Read until it ends or `means.stop` is set; sets what it knows of `reading`. Raises BadSetting."""


class Kind(Protocol):
    """Makes feeds of one kind; the classes in feeds/ are such."""

    def parse(self, address: str, options: Options) -> list[Feed]:
        """The feeds that `address` (what follows `kind:`) means; a folder is one for each file. Raises BadSetting."""
