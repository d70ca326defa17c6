"""Tables of the archives give the same whether compiled code reads their usual rows, or all are made records of."""

import gzip
from pathlib import Path

import pytest

from services.ingest.event_time import EventTimes
from services.ingest.formats.tables import usual_rows
from services.ingest.formats.tables.table import TableFormat
from services.ingest.line_format import Moment, One, Taken, Tally, one_by_one

DATA = Path(__file__).parents[3] / "shared" / "data" / "decoded"
FILES = sorted(file for form in ("*.csv", "*.csv.gz", "*.txt.gz") for file in DATA.glob(form))
SLICE = 200  # lines
RECEIVED_MS = 1_790_000_000_000

pytestmark = [
    pytest.mark.skipif(not FILES, reason="the archives are not on this machine"),
    pytest.mark.skipif(usual_rows.rows is None, reason="no compiler was at hand when Fairway was installed"),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_archive_gives_the_same_however_it_is_read(file: Path) -> None:
    content = file.read_bytes()
    lines = (gzip.decompress(content) if file.suffix == ".gz" else content).splitlines()
    quick, slow = _read(lines, is_quick=True), _read(lines, is_quick=False)
    assert quick == slow


def _read(lines: list[bytes], *, is_quick: bool) -> tuple[list[One], Tally, int]:
    """The records, the account, and how many lines were no table's."""
    table = TableFormat("archive", times=EventTimes(600_000), tally=(tally := Tally()), is_quick=is_quick)
    out, others = list[Taken](), 0
    for start in range(0, len(lines), SLICE):
        some, at = lines[start : start + SLICE], 0
        while at < len(some):
            end = table.read(some, at, Moment(RECEIVED_MS + start, start), out)
            others += end < len(some)
            at = end + (end < len(some))
    return list(one_by_one(out)), tally, others
