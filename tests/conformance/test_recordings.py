"""The largest real recordings, read without flags: every line accounted for, and the counts that others find."""

import gzip
import re
from pathlib import Path

import pytest

from services.ingest.framing import Framer
from services.offline import FUTURE_MS, PATIENCE_LINES, Totals, decode_file

DATA = Path(__file__).parents[3] / "shared" / "data"
FOLDERS = ("raw_nmea", "timestamped")
LARGEST = 21
SENTENCE = re.compile(rb"!..VD[MO]")


def largest() -> list[Path]:
    files = [path for folder in FOLDERS for path in (DATA / folder).rglob("*") if path.is_file()]
    return sorted(files, key=lambda path: -path.stat().st_size)[:LARGEST]


@pytest.mark.parametrize("path", largest() or [None], ids=lambda path: path.name if path else "none")
def test_every_line_of_a_recording_is_accounted_for(path: Path | None) -> None:
    if path is None:
        pytest.skip(f"the recordings are not at hand ({DATA})")
    framer = Framer("test", patience=PATIENCE_LINES, future_ms=FUTURE_MS)
    totals = Totals(framer.tally)
    written = sum(len(decoded) + len(rejected) for decoded, rejected in decode_file(path, framer, totals))
    tally = totals.tally
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = content.split(b"\n")
    assert tally.lines == len(lines) - (lines[-1] == b"")
    assert tally.lines == tally.sentences + tally.ignored.total()
    assert written == tally.messages == totals.decoded + totals.rejected.total()
    with_sentence = sum(1 for line in lines if SENTENCE.search(line))
    assert tally.sentences + tally.ignored["repeated_part"] == with_sentence
