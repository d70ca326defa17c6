"""Reads many lines of the usual forms at once; compiled from usual.c."""

from collections.abc import Collection

from services.ingest.usual_lines import Found

def read(
    lines: list[bytes],
    start: int,
    longest: int,
    source: bytes,
    origin: bytes,
    received_at: bytes,
    believed: tuple[int, int],
    waiting: Collection[bytes] | None,
    /,
) -> Found:
    """Read lines from `start` on, up to the first that is not surely a usual one of at most `longest` bytes, or a thousand.

    `source` are the JSON members about the origin of a record whose station is told, `origin` those of the others; both, and
    `received_at`, go into envelopes as they are. A stamp outside of `believed`, milliseconds since 1970, is not usual. Nor are
    parts of a family (talker, sequence id and channel: `AI5,A`) that is `waiting`, or any parts at all when that is None.

    Gives the index of the first line that was not read; the columns of a RawBlock; how many of its rows are of two parts; how
    many lines were ignored, by reason as in usual_lines.IGNORED; name, station and time of each tag-block group that began, the
    time negative for none; and the first time that a row has from its lines, negative for none.
    """
