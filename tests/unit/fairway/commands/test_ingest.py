"""With what `fairway ingest` ends, and that `fairway decode` says what it cannot read."""

from pathlib import Path

import pytest

from fairway.errors import BadSetting
from services.ingest.command import status
from services.ingest.intake import Reading
from services.ingest.sources import Source
from services.offline import decode

FILE = Source("a", "file", path=Path("day.log"))
LIVE = Source("b", "udp", "127.0.0.1", 10110)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading(FILE, is_whole=True), 0),
        (Reading(FILE, imported_at="2026-01-02T03:04:05.000Z"), 0),
        (Reading(FILE), 1),
        (Reading(FILE, error="day.log is damaged"), 1),
        (Reading(Source("a", "file")), 1),
        (Reading(LIVE), 0),
        (Reading(LIVE, error="the address is in use"), 1),
    ],
)
def test_the_exit_status_is_0_only_when_all_that_has_an_end_was_read(reading: Reading, expected: int) -> None:
    assert status([Reading(FILE, is_whole=True), reading]) == expected


def test_a_file_name_that_is_too_long_to_decode_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read: File name too long"):
        decode([tmp_path / ("x" * 300)])
