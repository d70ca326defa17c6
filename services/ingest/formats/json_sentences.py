"""NMEA sentences inside JSON objects: {"timestamp":1752743247895,"nmea":"!AIVDM,1,1,,B,35AMFN5000WJudP0g4v613jR0Dg:,0*4E"}

The key may be any of SENTENCE_KEYS, in any case, and its value a text or a list of texts (a multi-part message, one part each).
An object with sentences and decoded fields, as AIS-catcher writes them, is read by its sentences alone: they are what was
transmitted, and our decoder is the one that all other feeds go through.
"""

from collections.abc import Iterator
from typing import Protocol

from services.ingest.formats.shapes import gpsd
from services.ingest.formats.shapes.conversions import Object, Unreadable
from services.ingest.formats.shapes.times import first_time
from services.ingest.line_format import Moment, Taken

SENTENCE_KEYS = frozenset({"nmea", "message", "msg", "raw", "sentence", "sentences", "payload", "data"})
TIME_KEYS = (
    "toa",
    "rxuxtime",
    "timestamp",
    "time",
    "ts",
    "datetime",
    "received_at",
    "msgtime",
    "event_time",
    "epoch",
    "rxtime",
)


class SentenceReader(Protocol):
    """What reads the sentences: the framer of the stream."""

    def read_wrapped(self, text: bytes, moment: Moment, event_ms: int | None, out: list[Taken]) -> bool:
        """Append what `text` holds; whether there was a VDM or VDO in it."""


def may_hold_sentences(text: bytes) -> bool:
    """Whether it is worth looking for sentences in `text`. Cheap."""
    return b"VDM" in text or b"VDO" in text


def read_sentences(
    each: Object, reader: SentenceReader, moment: Moment, event_ms: int | None, out: list[Taken]
) -> bool:
    """Hand over the sentences of an object; whether there was any. `event_ms` is the time of what the object came in."""
    found = False
    time = None
    for text in _sentences(each):
        if time is None:
            time = _time(each)
        found |= reader.read_wrapped(text, moment, event_ms if time is None else time, out)
    return found


def _sentences(each: Object) -> Iterator[bytes]:
    """The texts with a VDM or VDO in them; those of a list as lines of one text."""
    for key, value in each.items():
        if key.lower() in SENTENCE_KEYS:
            lines = value if isinstance(value, list) else [value]
            text = "\n".join(line for line in lines if isinstance(line, str)).encode("ascii", "replace")
            if may_hold_sentences(text):
                yield text


def _time(each: Object) -> int | None:
    """The wrapper's time; None when it has none or it cannot be read: the sentence is worth more than its wrapper."""
    try:
        return gpsd.time_of(each) if each.get("class") == "AIS" else first_time(each, TIME_KEYS)
    except Unreadable:
        return None
