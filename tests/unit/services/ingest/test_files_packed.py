"""Files in every packing, sound and damaged, are known by their first bytes and read in bounded memory."""

import bz2
import gzip
import lzma
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.content.flow import Damaged, FileFlow, open_file
from services.ingest.content.opening import streams
from services.ingest.event_time import EventTimes
from services.ingest.file_reader import DamagedFile, FileReader
from tests.unit.services.ingest.file_samples import numbered, tar, zipped

LINES = numbered(3000)
MIB = 1 << 20
Pack = Callable[[bytes], bytes]

PACKED: dict[str, Pack] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "zstd without size": lambda data: _zstd_streamed(data),
}
ALONE: dict[str, Pack] = {"lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE)}


def _zstd_streamed(data: bytes) -> bytes:
    stream = zstandard.ZstdCompressor().compressobj()
    return stream.compress(data) + stream.flush()


SOME = numbered(30)
WHOLE = (tar({"a": SOME, "b" * 150: gzip.compress(SOME)}), zipped({"a": SOME, "b.gz": gzip.compress(SOME)}))


def read(path: Path) -> list[tuple[str, bytes]]:
    """Name and content of each stream. Raises Damaged."""
    flow = open_file(path)
    with flow.file:
        return [(stream.name, b"".join(stream.flow)) for stream in streams(flow)]


def read_packed(folder: Path, data: bytes) -> list[tuple[str, bytes]]:
    path = folder / "misleading.csv"
    path.write_bytes(data)
    return read(path)


@pytest.mark.parametrize("name", [*PACKED, *ALONE])
def test_a_packed_file_is_known_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    assert read_packed(tmp_path, (PACKED | ALONE)[name](LINES)) == [("", LINES)]


@pytest.mark.parametrize("name", PACKED)
def test_several_packed_streams_one_behind_the_other_are_one(tmp_path: Path, name: str) -> None:
    pack = PACKED[name]
    padding = bytes(512) if name != "plain" else b""
    assert read_packed(tmp_path, pack(LINES) + pack(b"") + pack(LINES) + padding) == [("", LINES * 2)]


@pytest.mark.parametrize("name", [name for name in (*PACKED, *ALONE) if name != "plain"])
@pytest.mark.parametrize("cut", [1, 30, 300])
def test_of_a_file_cut_short_all_that_is_sound_is_read_before_the_error(tmp_path: Path, name: str, cut: int) -> None:
    path = tmp_path / "day.log"
    lines = numbered(30_000)
    path.write_bytes((PACKED | ALONE)[name](lines)[:-cut])
    reader = FileReader(path, "test", times=EventTimes(0))
    with pytest.raises(DamagedFile, match=r"day\.log is damaged or cut short: "):
        for _ in reader:
            pass
    assert reader.tally.lines > (0 if name == "bzip2" else 20_000)  # bzip2 has blocks of 900,000 bytes


@pytest.mark.parametrize("name", [name for name in PACKED if name != "plain"])
def test_a_flipped_bit_is_an_error_and_never_an_exception_of_another_kind(tmp_path: Path, name: str) -> None:
    packed = bytearray(PACKED[name](LINES))
    for at in range(20, len(packed), max(1, len(packed) // 15)):
        damaged = packed.copy()
        damaged[at] ^= 0x10
        with suppress(Damaged):
            read_packed(tmp_path, bytes(damaged))


def test_of_a_packed_file_that_is_damaged_all_lines_before_the_damage_are_read(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LINES))
    packed[-8] ^= 1  # in the checksum
    assert lines_before_the_damage(tmp_path, bytes(packed)) >= LINES.count(b"\n") - 1
    packed = bytearray(gzip.compress(numbered(30_000)))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = b"\xff" * 64
    assert lines_before_the_damage(tmp_path, bytes(packed)) > 10_000


def lines_before_the_damage(folder: Path, packed: bytes) -> int:
    path = folder / "day.log"
    path.write_bytes(packed)
    reader = FileReader(path, "test", times=EventTimes(0))
    with pytest.raises(DamagedFile):
        for _ in reader:
            pass
    return reader.tally.lines


@pytest.mark.parametrize("inner", [zipped({"b": LINES}), b"7z\xbc\xaf\x27\x1c" + bytes(600)], ids=["zip", "7z"])
def test_an_archive_in_an_archive_that_cannot_be_read_is_told_and_the_rest_is_read(
    tmp_path: Path, inner: bytes
) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"a": inner, "c": LINES}))
    reader = FileReader(path, "test", times=EventTimes(0))
    with pytest.raises(DamagedFile, match="a is a "):
        for _ in reader:
            pass
    assert reader.tally.messages == LINES.count(b"\n")


def test_what_is_packed_again_and_again_is_told(tmp_path: Path) -> None:
    data = LINES
    for _ in range(7):
        data = gzip.compress(data)
    with pytest.raises(Damaged, match="packed more than 5 times"):
        read_packed(tmp_path, data)


@pytest.mark.parametrize("name", [name for name in PACKED if name not in ("plain", "zstd without size")])
def test_a_bomb_is_read_in_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(PACKED[name](bytes(50 * MIB)))
    tracemalloc.start()
    flow = open_file(path)
    total = sum(len(piece) for stream in streams(flow) for piece in stream.flow)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    flow.file.close()
    assert total == 50 * MIB
    assert peak < 16 * MIB  # xz has a dictionary of 8 MiB besides


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=8)), max_size=5),
)
def test_whatever_is_in_a_file_it_is_read_or_damaged(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, changes: list[tuple[int, bytes]]
) -> None:
    data = bytearray(whole)
    for at, change in changes:
        data[at % len(data) : at % len(data) + len(change)] = change
    with suppress(Damaged):
        read_packed(tmp_path_factory.getbasetemp(), bytes(data))


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_the_files_of_a_tar_archive_are_streams_in_its_order(tmp_path: Path, format_: int) -> None:
    path = tmp_path / "x.tar"
    long = "folder/" + "n" * (80 if format_ == tarfile.USTAR_FORMAT else 150) + ".nmea.gz"
    with tarfile.open(path, "w", format=format_) as archive:
        for name, content in (("b.nmea", LINES), (long, gzip.compress(LINES)), ("a.nmea", b"x")):
            (tmp_path / "member").write_bytes(content)
            archive.add(tmp_path / "member", name)
        archive.add(tmp_path, "empty-folder", recursive=False)
    assert read(path) == [("b.nmea", LINES), (long, LINES), ("a.nmea", b"x")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_a_tar_archive_may_be_packed_as_a_whole(tmp_path: Path, pack: Pack) -> None:
    found = read_packed(tmp_path, pack(tar({"1.nmea": LINES, "2.zst": zstandard.compress(LINES)})))
    assert found == [("1.nmea", LINES), ("2.zst", LINES)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_the_files_of_a_zip_archive_are_streams_in_its_order(tmp_path: Path, method: int) -> None:
    members = {"b.nmea": LINES, "a/c.csv.gz": gzip.compress(LINES), "README": b""}
    found = read_packed(tmp_path, zipped(members, method))
    assert found == [("b.nmea", LINES), ("a/c.csv.gz", LINES), ("README", b"")]


def test_what_an_operating_system_leaves_in_archives_is_passed_over(tmp_path: Path) -> None:
    members = {"__MACOSX/._day.log": b"x", ".DS_Store": b"y", "logs/.hidden": b"z", "./day.log": LINES}
    assert [content for _, content in read_packed(tmp_path, zipped(members))] == [LINES]
    assert [content for _, content in read_packed(tmp_path, tar(members))] == [LINES]


def test_of_an_archive_with_a_damaged_file_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "month.tar"
    path.write_bytes(tar({"1.gz": gzip.compress(LINES)[:-50], "2.gz": gzip.compress(LINES), "3.png": b"\x89PNG\r\n\0"}))
    reader = FileReader(path, "test", times=EventTimes(0))
    with pytest.raises(DamagedFile, match="the end is missing"):
        for _ in reader:
            pass
    assert 5500 < reader.tally.messages < 6000


@pytest.mark.parametrize(
    "data", [tar({"1": LINES})[:-12_000], zipped({"1": LINES})[:-20], b"PK\x03\x04", b"PK\x05\x06"]
)
def test_an_archive_cut_short_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Damaged):
        read_packed(tmp_path, data)


def test_a_file_in_an_encrypted_or_unknown_packing_is_named(tmp_path: Path) -> None:
    archive = bytearray(zipped({"1": LINES}))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    for data, word in ((bytes(archive), "encrypted"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07\x01\x00", "rar")):
        with pytest.raises(Damaged, match=word):
            read_packed(tmp_path, data)


@pytest.mark.parametrize("size", [b"77777777777", b"\x80" + b"\xff" * 11, b"not octal  "])
def test_a_tar_header_that_claims_too_much_takes_no_memory(tmp_path: Path, size: bytes) -> None:
    header = bytearray(tar({"x" * 90: b"y"})[:512])
    for kind in b"0Lx":
        header[156] = kind
        header[124 : 124 + len(size)] = size
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        tracemalloc.start()
        with pytest.raises(Damaged):
            read_packed(tmp_path, bytes(header) + bytes(1000) + b"z")
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_are_passed_over(tmp_path: Path, encoding: str) -> None:
    text = LINES.decode()
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    assert read_packed(tmp_path, (mark + text).encode(encoding)) == [("", LINES)]


def test_a_part_of_a_file_is_passed_over_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "day.log"
    path.write_bytes(LINES)
    counted: list[int] = []
    flow = open_file(path, counted.append)
    assert isinstance(flow, FileFlow)
    flow.peek(4)
    flow.skip(len(LINES) - 10)
    assert b"".join(flow) == LINES[-10:]
    assert sum(counted) == len(LINES)
    flow.file.close()


def test_a_parquet_table_in_an_archive_is_not_taken_for_text(tmp_path: Path) -> None:
    reader = FileReader(tmp_path / "x.zip", "test", times=EventTimes(0))
    (tmp_path / "x.zip").write_bytes(zipped({"day.parquet": b"PAR1" + bytes(100), "day.log": SOME}))
    with pytest.raises(DamagedFile, match=r"day\.parquet is a Parquet table"):
        for _ in reader:
            pass
    assert reader.tally.messages == 30
