"""What `fairway tail` shows of a record."""

import pytest

from fairway.commands.tail import row


def test_a_record_is_its_time_key_and_what_it_says() -> None:
    line = b'{"event_time":"2026-01-02T03:04:05.000Z","kind":"position","mmsi":1,"lon":0.5}'
    assert row("decoded.ais.a", line) == "2026-01-02T03:04:05.000Z decoded.ais.a kind=position mmsi=1 lon=0.5"


@pytest.mark.parametrize("line", [b"hello", b"", b"[1, 2]", b'"text"', b'{"cut": '])
def test_a_line_that_is_no_record_is_shown_as_it_is(line: bytes) -> None:
    assert row("x", line) == f"x {line.decode()}"


def test_bytes_that_are_not_text_are_shown_as_far_as_they_are() -> None:
    assert row("x", b"a\xffb") == "x a\ufffdb"
