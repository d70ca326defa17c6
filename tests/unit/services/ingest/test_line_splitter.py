"""Lines from chunks, and slices of lines that do not depend on the chunks."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.line_splitter import LineSplitter, slices


def chunked(data: bytes, sizes: list[int]) -> list[bytes]:
    chunks, at = [], 0
    for size in sizes:
        chunks.append(data[at : at + size])
        at += size
    return [*chunks, data[at:]]


@given(st.lists(st.sampled_from([b"", b"a", b"line", b"longer line\r"])), st.lists(st.integers(0, 9)), st.booleans())
def test_lines_do_not_depend_on_the_chunks(lines: list[bytes], sizes: list[int], ends_with_feed: bool) -> None:
    data = b"\n".join(lines) + (b"\n" if ends_with_feed and lines else b"")
    splitter = LineSplitter(100)
    found = [line for chunk in chunked(data, sizes) for line in splitter.split(chunk)]
    assert found + splitter.finish() == data.split(b"\n")[: -1 if data.endswith(b"\n") or not data else None]


def test_of_an_endless_line_only_the_beginning_is_kept() -> None:
    splitter = LineSplitter(10)
    for _ in range(1000):
        assert splitter.split(b"x" * 100) == []
    assert (splitter.pending, splitter.has_cut) == (100_000, True)
    assert splitter.split(b"\nnext\n") == [b"x" * 11, b"next"]
    assert splitter.pending == 0


@given(
    st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")), max_size=40),
    st.lists(st.integers(1, 30)),
    st.integers(1, 7),
    st.integers(5, 60),
)
def test_slices_follow_from_the_lines_alone(lines: list[bytes], sizes: list[int], size: int, most: int) -> None:
    data = b"".join(line + b"\n" for line in lines)

    def split(cut: list[int]) -> Iterator[list[bytes]]:
        splitter = LineSplitter(100)
        return (splitter.split(chunk) for chunk in chunked(data, cut))

    found = list(slices(split(sizes), size, most))
    assert found == list(slices(split([]), size, most))
    assert [line for one in found for line in one.lines] == lines
    assert all(one.bytes == sum(len(line) + 1 for line in one.lines) for one in found)
    assert all(len(one.lines) == size or one.bytes >= most for one in found[:-1])
    assert all(len(one.lines) <= size and one.bytes < most + 13 for one in found)


def test_what_came_before_a_failure_is_given_before_it() -> None:
    def failing() -> Iterator[list[bytes]]:
        yield [b"1", b"2", b"3"]
        raise OSError("the disk")

    found = slices(failing(), 2)
    assert [next(found).lines, next(found).lines] == [[b"1", b"2"], [b"3"]]
    with pytest.raises(OSError, match="the disk"):
        next(found)
