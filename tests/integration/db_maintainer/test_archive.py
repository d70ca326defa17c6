"""Days go to files and come back, and nothing is dropped that was not read back."""

import json
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import psycopg2
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import shapely
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.errors import BadSetting, FairwayError
from services.db_maintainer.archive import checksum, writing
from services.db_maintainer.archive.columns import COLUMNS, GEOMETRY
from services.db_maintainer.archive.restoring import restore
from services.db_maintainer.archiving import archive_day, archive_expired
from services.db_maintainer.retain import delete_expired
from tests.integration.db_maintainer.days import (
    SOURCES,
    content,
    days_ago,
    fill,
    killed_while_it_waits,
    query,
    value,
    writer,
)
from tests.integration.db_maintainer.test_retain import rule

DAY = days_ago(20)
KEEP = timedelta(days=1)
FILES = [f"positions/source={source}/positions_{DAY:%Y%m%d}.parquet" for source in SOURCES]


def archive(maintainer: Connection, folder: Path) -> int:
    return archive_expired(maintainer, folder, tries=30, pause_seconds=0.1)


def test_every_column_of_a_position_is_in_the_archive(db: Connection) -> None:
    columns = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
    of_rows = {name for (name,) in query(db, columns, "ais.position_rows")} - {"label"}
    of_labels = {name for (name,) in query(db, columns, "ais.position_labels")} - {"id", "fingerprint"}
    assert [{c.name for c in COLUMNS if c.of_label is place} for place in (False, True)] == [of_rows, of_labels]


def test_a_day_is_archived_then_dropped_and_comes_back_as_it_was(
    db: Connection, owner: Connection, maintainer: Connection, tmp_path: Path
) -> None:
    fill(db, DAY)
    before = content(db, DAY)
    rule(db, "positions", 3, archive=True)
    assert archive(maintainer, tmp_path) == 5000
    assert archive(maintainer, tmp_path) == 0
    assert query(db, "SELECT file, day, source, rows, dropped_at FROM ops.archives ORDER BY file") == [
        (file, DAY, source, 2500, None) for file, source in zip(FILES, SOURCES, strict=True)
    ]
    assert delete_expired(maintainer, tries=1) == 1
    assert content(db, DAY) == []
    assert value(db, "SELECT bool_and(dropped_at IS NOT NULL) FROM ops.archives")
    for file in FILES:
        assert restore(owner, tmp_path / file, False, KEEP).rows == 2500
    assert content(db, DAY) == before
    assert value(db, "SELECT bool_and(dropped_at IS NULL) FROM ops.archives")
    assert delete_expired(maintainer, tries=1) == 0  # kept for a day
    query(db, "UPDATE ops.partition_upkeep SET keep_until = now()")
    assert archive(maintainer, tmp_path) == 5000  # found to be in the files that there are
    assert sorted(path.name for path in tmp_path.rglob("positions_*")) == [Path(file).name for file in FILES]
    assert delete_expired(maintainer, tries=1) == 1


def test_a_file_is_geoparquet_that_others_read(db: Connection, maintainer: Connection, tmp_path: Path) -> None:
    fill(db, DAY)
    archive_day(maintainer, DAY, tmp_path, noted=True)
    table = pq.read_table(tmp_path / FILES[0], partitioning=None)
    geo = json.loads(pq.read_metadata(tmp_path / FILES[0]).metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", GEOMETRY)
    assert (geo["columns"][GEOMETRY]["encoding"], geo["columns"][GEOMETRY]["geometry_types"]) == ("WKB", ["Point"])
    points = shapely.from_wkb(table[GEOMETRY].to_pylist())
    assert list(shapely.total_bounds(points)) == geo["columns"][GEOMETRY]["bbox"]
    expected = query(
        db,
        "SELECT lon, lat, mmsi, event_time FROM ais.positions WHERE source = %s ORDER BY mmsi, event_time, received_at",
        SOURCES[0],
    )
    assert table["mmsi"].to_pylist() == [row[2] for row in expected]
    assert table["event_time"].cast(pa.timestamp("us", "UTC")).to_pylist() == [row[3] for row in expected]
    for point, (lon, lat, *_) in zip(points, expected, strict=True):
        assert (point is None) == (lon is None)
        assert point is None or (abs(point.x - lon) < 3e-8 and abs(point.y - lat) < 3e-8)
    assert pc.unique(table["source"]).to_pylist() == [SOURCES[0]]
    assert pq.ParquetFile(tmp_path / FILES[0]).metadata.row_group(0).column(0).compression == "ZSTD"


def test_the_checksum_of_the_database_is_that_of_the_file_for_every_kind_of_value(
    db: Connection, owner: Connection, maintainer: Connection, tmp_path: Path
) -> None:
    """Extremes of every type, nulls, texts that need quoting; times between milliseconds."""
    query(db, "SELECT ais.ensure_partition(%s)", DAY)
    query(
        db,
        "INSERT INTO ais.position_labels (own_ship, low_resolution, source, station, time_source, missing, talker)"
        " VALUES (true, NULL, 'odd.one', E'a,\"b\"\\nc', '', 'Ærø', NULL), (false, true, 'odd.one', '', 'x', NULL, '-')",
    )
    query(
        db,
        "INSERT INTO ais.position_rows SELECT %s::date::timestamptz + interval '1.000001 s', now(), 0, lon, lat, id, 1e-9, 359.9,"
        " -708, 2147483647, 27, 3, 511, 15, 63, 2, 255, true, false, true, false, true, false, true, false, true,"
        " -3600.0000005, 32767"
        " FROM ais.position_labels, unnest(%s::int[], %s::int[]) AS p(lon, lat) WHERE source = 'odd.one'",
        DAY,
        [1_800_000_000, -1_800_000_000, 1, None],
        [-900_000_000, 900_000_000, -1, None],
    )
    query(
        db,
        "INSERT INTO ais.position_rows (event_time, received_at, mmsi, label)"
        " SELECT %s, now(), 1, max(id) FROM ais.position_labels",
        DAY,
    )
    before = content(db, DAY)
    [archived] = archive_day(maintainer, DAY, tmp_path, noted=True)
    assert archived.contents.rows == 9
    query(db, "DELETE FROM ais.position_rows")
    restore(owner, tmp_path / archived.file, False, KEEP)
    assert content(db, DAY) == before


def test_a_month_of_long_ago_becomes_a_file_a_day(db: Connection, maintainer: Connection, tmp_path: Path) -> None:
    for day in "2015-02-03", "2015-02-05":
        fill(db, date.fromisoformat(day), 100)
    rule(db, "positions", 3, archive=True)
    assert archive(maintainer, tmp_path) == 200
    days = query(db, "SELECT DISTINCT day::text FROM ops.archives ORDER BY 1")
    assert days == [("2015-02-03",), ("2015-02-05",)]
    assert delete_expired(maintainer, tries=1) == 1


def test_rows_that_come_after_the_archive_keep_the_day(
    db: Connection, owner: Connection, maintainer: Connection, tmp_path: Path
) -> None:
    fill(db, DAY)
    rule(db, "positions", 3, archive=True)
    archive(maintainer, tmp_path)
    query(db, "UPDATE ais.position_rows SET sog = 1 WHERE mmsi = 219000003")
    before = content(db, DAY)
    assert delete_expired(maintainer, tries=1) == 0
    assert archive(maintainer, tmp_path) == 5000
    assert delete_expired(maintainer, tries=1) == 1
    [names] = zip(*query(db, "SELECT file FROM ops.archives ORDER BY file"), strict=True)
    assert {f"{file.removesuffix('.parquet')}_2.parquet" for file in FILES} <= set(names)
    for source in SOURCES:
        restore(owner, tmp_path / f"positions/source={source}/positions_{DAY:%Y%m%d}_2.parquet", False, KEEP)
    assert content(db, DAY) == before


def test_every_row_is_in_the_database_or_in_the_archive_while_a_writer_goes_on(
    db: Connection, maintainer: Connection, writer_url: str, tmp_path: Path
) -> None:
    fill(db, DAY, 30_000)
    rule(db, "positions", 3, archive=True)
    with writer(writer_url, days_ago(0), DAY) as written:
        archive(maintainer, tmp_path)
        assert delete_expired(maintainer, tries=1) == 0  # rows came since
        archive(maintainer, tmp_path)
    assert written.longest < 1.5
    archive(maintainer, tmp_path)
    assert delete_expired(maintainer, tries=1) == 1
    newest = {}
    for file, source in query(db, "SELECT file, source FROM ops.archives WHERE day = %s ORDER BY written_at", DAY):
        newest[source] = pq.read_table(tmp_path / file, partitioning=None)
    late = {number for table in newest.values() for number in table["radio"].to_pylist() if number >= 1_000_000}
    today = {number for (number,) in query(db, "SELECT radio FROM ais.position_rows WHERE radio >= 1000000")}
    assert late | today == set(written.committed)
    assert sum(map(len, newest.values())) == 30_000 + len(late)


def test_a_bad_file_drops_nothing(
    db: Connection, maintainer: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that gives back another row than it was given."""
    fill(db, DAY)
    rule(db, "positions", 3, archive=True)
    right = writing.copied.copied_from

    def wrong(cursor: psycopg2.extensions.cursor, rows: str) -> object:
        for batch in right(cursor, rows):
            sog = pa.concat_arrays([batch.column("sog")[1:2], batch.column("sog")[0:1], batch.column("sog")[2:]])
            yield batch.set_column(batch.schema.get_field_index("sog"), "sog", sog)

    monkeypatch.setattr(writing.copied, "copied_from", wrong)
    with pytest.raises(FairwayError, match="checksum"):
        archive(maintainer, tmp_path)
    maintainer.rollback()
    assert delete_expired(maintainer, tries=1) == 0
    assert query(db, "SELECT file FROM ops.archives") == []
    monkeypatch.undo()
    assert archive(maintainer, tmp_path) == 5000


def test_a_maintainer_that_is_killed_while_it_archives_begins_again(
    db: Connection, maintainer: Connection, maintainer_url: str, owner_url: str, tmp_path: Path
) -> None:
    fill(db, DAY)
    rule(db, "positions", 3, archive=True)
    with closing(database.connect(owner_url)) as holder, closing(database.connect(maintainer_url)) as victim:
        query(holder, "LOCK TABLE ops.archives IN SHARE MODE")  # the files are written then, and not yet noted
        error = killed_while_it_waits(db, victim, lambda: archive(victim, tmp_path))
        assert isinstance(error, psycopg2.Error)
    assert delete_expired(maintainer, tries=1) == 0
    assert archive(maintainer, tmp_path) == 5000
    assert sorted(path.name for path in tmp_path.rglob("positions_*")) == [Path(file).name for file in FILES]
    assert delete_expired(maintainer, tries=1) == 1


def test_a_day_that_is_there_is_replaced_only_if_asked(
    db: Connection, owner: Connection, maintainer: Connection, tmp_path: Path
) -> None:
    fill(db, DAY)
    before = content(db, DAY)
    archive_day(maintainer, DAY, tmp_path, noted=True)
    query(db, "UPDATE ais.position_rows SET sog = 77")
    with pytest.raises(BadSetting, match="give --replace"):
        restore(owner, tmp_path / FILES[0], False, KEEP)
    for file in FILES:
        restore(owner, tmp_path / file, True, KEEP)
    assert content(db, DAY) == before


def test_a_file_of_another_database_brings_its_labels(
    db: Connection, maintainer: Connection, database_url: str, tmp_path: Path
) -> None:
    fill(db, DAY)
    archive_day(maintainer, DAY, tmp_path, noted=True)
    database.migrate(database_url)
    with closing(database.connect(database_url)) as other:
        for file in FILES:
            restore(other, tmp_path / file, False, KEEP)
        assert content(other, DAY) == content(db, DAY)


def test_a_file_whose_rows_are_not_what_it_says_is_not_restored(
    db: Connection, owner: Connection, maintainer: Connection, tmp_path: Path
) -> None:
    fill(db, DAY)
    archive_day(maintainer, DAY, tmp_path, noted=True)
    query(db, "DELETE FROM ais.position_rows")
    table = pq.read_table(tmp_path / FILES[0], partitioning=None)
    said = {b"fairway": pq.read_metadata(tmp_path / FILES[0]).metadata[b"fairway"]}
    pq.write_table(table.slice(1).replace_schema_metadata(said), tmp_path / "short.parquet")
    with pytest.raises(FairwayError, match="nothing was restored"):
        restore(owner, tmp_path / "short.parquet", False, KEEP)
    assert value(db, "SELECT count(*) FROM ais.position_rows") == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "there is no file"), (b"PAR1", "cannot be read"), ("other", "not a file of the archive")],
)
def test_a_file_that_is_not_ours_is_one_sentence(
    db: Connection, owner: Connection, tmp_path: Path, text: object, sentence: str
) -> None:
    path = tmp_path / "file.parquet"
    if isinstance(text, bytes):
        path.write_bytes(text)
    elif text:
        pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(BadSetting, match=sentence):
        restore(owner, path, False, KEEP)


def test_hashes_are_those_of_postgresql(db: Connection) -> None:
    random = np.random.default_rng(1)
    edges = [0, 1, -1, checksum.NULL, 2**63 - 1, -(2**63)]
    values = np.concatenate([random.integers(-(2**63), 2**63 - 1, 2000), edges])
    seeds = np.concatenate([random.integers(-(2**63), 2**63 - 1, 1000), np.zeros(1000 + len(edges), np.int64)])
    question = "SELECT hashint8extended(v, s) FROM unnest(%s::bigint[], %s::bigint[]) AS u(v, s)"
    assert [h for (h,) in query(db, question, values.tolist(), seeds.tolist())] == checksum.hash_int8(
        values, seeds
    ).tolist()
