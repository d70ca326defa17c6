"""`aisstream:`: the live service of aisstream.io, which sends decoded reports as JSON over a WebSocket."""

import difflib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from fairway.errors import BadSetting
from fairway.settings import IngestSettings, text_of
from services.ingest.feeds.aisstream_client import RETRY_SECONDS, Client, Subscription
from services.ingest.feeds.aisstream_reports import TYPES, Reports, total
from services.ingest.feeds.zones import Zone, zones_of
from services.ingest.options import Options, seconds, words
from services.ingest.source import Feed, Means, Reading

URL = "wss://stream.aisstream.io/v0/stream"
WORLD = [[[-90.0, -180.0], [90.0, 180.0]]]
MOST_MMSI = 50  # that the server filters by (its operator, 2023); of more we filter here


@dataclass(frozen=True)
class Aisstream:
    """One subscription. What the server is asked for is also filtered here, since it may overlook a part of it.

    Reports of a named zone go to `<tail>.<zone>`; where zones overlap the first wins. `silence` is how many seconds without
    a frame mean that the subscription is dead: the service is known to accept one and to send nothing for hours.
    """

    url: str = URL
    zones: tuple[Zone, ...] = ()
    types: tuple[str, ...] = ()
    mmsi: frozenset[int] = frozenset()
    key_file: Path | None = None
    silence: float | None = None
    retry: float = RETRY_SECONDS
    is_live = True
    name = ""

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """Options: url, zones, types, mmsi, key_file, silence and retry (seconds). Raises BadSetting."""
        if address:
            raise BadSetting("aisstream: has no address; its options are url, zones, types, mmsi, key_file, silence")
        return [
            Aisstream(
                url=options.take("url", _url, URL),
                zones=options.take("zones", zones_of, ()),
                types=options.take("types", _types, ()),
                mmsi=options.take("mmsi", _mmsi, frozenset()),
                key_file=options.take("key_file", Path, None),
                silence=options.take("silence", seconds, None),
                retry=options.take("retry", seconds, RETRY_SECONDS),
            )
        ]

    def check(self, settings: IngestSettings) -> None:
        """Raises BadSetting when there is no key."""
        _key(self.key_file, settings)

    def read(self, reading: Reading, means: Means) -> None:
        """Read reports until stopped. Raises BadSetting when there is no key."""
        names = [zone.name for zone in self.zones] or [""]
        tail = reading.source.tail
        with ExitStack() as stack:
            feeds = {
                name: stack.enter_context(means.live_feed(reading, tail=f"{tail}.{name}" if name else tail))
                for name in dict.fromkeys(["", *names])
            }
            reports = Reports(tail, feeds, zones=self.zones, types=frozenset(self.types), mmsi=self.mmsi)
            client = Client(
                self.url,
                lambda ask_by_mmsi: self._subscription(_key(self.key_file, means.settings), ask_by_mmsi),
                reports,
                means.stop,
                silence=self.silence or means.settings.read_seconds,
                retry=self.retry,
            )
            try:
                client.run()
            finally:
                reading.tally = total(feeds.values())

    def _subscription(self, key: str, ask_by_mmsi: bool) -> Subscription:
        """Corners are pairs of latitude and longitude; MMSIs are text."""
        boxes = [[[box.south, box.west], [box.north, box.east]] for zone in self.zones for box in zone.boxes]
        asked: dict[str, Any] = {"APIKey": key, "BoundingBoxes": boxes or WORLD}
        if ask_by_mmsi and 0 < len(self.mmsi) <= MOST_MMSI:
            asked["FiltersShipMMSI"] = [str(mmsi) for mmsi in sorted(self.mmsi)]
        if self.types:
            asked["FilterMessageTypes"] = list(self.types)
        return Subscription(msgspec.json.encode(asked).decode(), key)


def _key(file: Path | None, settings: IngestSettings) -> str:
    """Read anew for each connection, so that a renewed key is used. Raises BadSetting, which does not tell it."""
    given = settings.aisstream_key.get_secret_value() if settings.aisstream_key else ""
    key = text_of(file, f"the key_file {file}") if file is not None else given
    if not key:
        raise BadSetting("aisstream needs a key: set FAIRWAY_AISSTREAM_KEY or FAIRWAY_AISSTREAM_KEY_FILE")
    return key


def _url(value: Any) -> str:
    """Raises ValueError."""
    parts = urlsplit(str(value))
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError("it must begin with wss://")
    return str(value)


def _types(value: Any) -> tuple[str, ...]:
    """Raises ValueError."""
    found = words(value)
    for name in found:
        if name not in TYPES:
            nearest = difflib.get_close_matches(name, TYPES, n=1, cutoff=0.0)
            raise ValueError(f"{name} is no message type; did you mean {nearest[0]}?")
    return found


def _mmsi(value: Any) -> frozenset[int]:
    """Raises ValueError."""
    return frozenset(int(each) for each in words([value] if isinstance(value, int) else value))
