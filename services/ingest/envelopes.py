"""What the usual lines of one call say of origin and time, as the JSON their records begin with (fairway/raw_block.py)."""

from collections.abc import Sequence

from fairway import raw_block
from services.ingest.event_time import EventTimes
from services.ingest.line_format import Moment
from services.ingest.surroundings import Surroundings
from services.ingest.tag_block import parse_tag_block
from services.ingest.usual_lines import UsualLines

_TIME = len(",c:1671533231")


class Envelopes(dict[bytes, bytes]):
    """The envelope of each text of a tag block; empty where the record needs a closer look: it has a defect, or is of a group.

    Of one call of a feed's framer, so that it stays small.
    """

    def __init__(self, source: str, moment: Moment, received_at: str, times: EventTimes) -> None:
        self._source = source
        self._moment = moment
        self._received_at = received_at
        self._times = times

    def of(self, usual: UsualLines, around: Surroundings) -> list[bytes]:
        """An envelope for each of these lines. No block may be kept `around` for the sentence to come."""
        if usual.surroundings is not None:
            surrounded = _Surrounded(self, around)
            return [surrounded[each] for each in usual.surroundings]
        return self._of_plain(usual.tag_blocks) if usual.are_plain else [self[text] for text in usual.tag_blocks]

    def envelope(self, station: str | None, event_ms: int | None, time_source: str) -> bytes:
        """What is said of a record of this station and time; empty when the time cannot be believed."""
        stamp = self.stamp(event_ms, time_source)
        return stamp and raw_block.origin(self._source, station or self._moment.station) + stamp

    def stamp(self, event_ms: int | None, time_source: str) -> bytes:
        """The members about the time, empty when it cannot be believed."""
        event_time, time_source, shift, defect = self._times.stamp(event_ms, time_source, self._moment.received_ms)
        return b"" if defect else raw_block.times(event_time, self._received_at, time_source, shift)

    def _of_plain(self, texts: Sequence[bytes]) -> list[bytes]:
        """Of plain blocks, of which hardly two need be equal: put together from what each half says."""
        origins, stamps = _Origins(self._source, self._moment.station), _Stamps(self)
        found = [origins[text[:-_TIME]] + stamps[text[1 - _TIME :]] for text in texts]
        if not stamps.unbelieved:
            return found
        return [
            b"" if text[1 - _TIME :] in stamps.unbelieved else each for text, each in zip(texts, found, strict=True)
        ]

    def __missing__(self, text: bytes) -> bytes:
        self[text] = b""
        if not text:
            self[text] = self.envelope(None, None, "received")
            return self[text]
        tag = parse_tag_block(f"\\{text.decode('ascii')}*00")
        if tag.group is None:
            self[text] = self.envelope(tag.station, tag.event_ms, "received" if tag.event_ms is None else "tag_block")
        return self[text]


class _Surrounded(dict[tuple[bytes, bytes], bytes]):
    """The envelopes of lines with these texts before and behind the sentence."""

    def __init__(self, envelopes: Envelopes, around: Surroundings) -> None:
        self._envelopes = envelopes
        self._around = around

    def __missing__(self, texts: tuple[bytes, bytes]) -> bytes:
        before, behind = texts
        station, event_ms, time_source, _, _ = self._around.told(
            before.decode("latin-1"), None, behind.decode("latin-1")
        )
        self[texts] = found = self._envelopes.envelope(station, event_ms, time_source)
        return found


class _Origins(dict[bytes, bytes]):
    """The members about the origin, by `s:STATION` of a plain block or nothing."""

    def __init__(self, source: str, station: str | None) -> None:
        self._source = source
        self[b""] = raw_block.origin(source, station)

    def __missing__(self, text: bytes) -> bytes:
        self[text] = raw_block.origin(self._source, text[2:].decode("ascii"))
        return self[text]


class _Stamps(dict[bytes, bytes]):
    """The members about the time, by `c:SECONDS` of a plain block."""

    def __init__(self, envelopes: Envelopes) -> None:
        self._envelopes = envelopes
        self.unbelieved: set[bytes] = set()

    def __missing__(self, text: bytes) -> bytes:
        self[text] = stamp = self._envelopes.stamp(int(text[2:]) * 1000, "tag_block")
        if not stamp:
            self.unbelieved.add(text)
        return stamp
