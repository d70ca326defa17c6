"""What a person may write to name a feed."""

from pathlib import Path

import pytest

from fairway.errors import BadSetting
from services.ingest.intake import READERS
from services.ingest.sources import KINDS, Source, check_files, gather, parse


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("coastal.denmark=udp://0.0.0.0:10110", Source("coastal.denmark", "udp", "0.0.0.0", 10110)),
        ("a=tcp://153.44.253.27:5631", Source("a", "tcp", "153.44.253.27", 5631)),
        ("a=udp://[::1]:10110", Source("a", "udp", "::1", 10110)),
        ("a=file:../day.log.gz", Source("a", "file", path=Path("../day.log.gz"))),
        ("a=file:///data/day.log", Source("a", "file", path=Path("/data/day.log"))),
        ("a=file:-", Source("a", "file")),
    ],
)
def test_understands_a_source(text: str, source: Source) -> None:
    assert parse(text) == source


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("udp://0.0.0.0:10110", "TAIL=URL"),
        ("Coastal=udp://0.0.0.0:1", "lower-case"),
        ("a..b=udp://0.0.0.0:1", "lower-case"),
        ("a=htp://x:1", "must start with file:, tcp:, udp:"),
        ("a=udp://0.0.0.0", "host:port"),
        ("a=udp://0.0.0.0:99999", "host:port"),
        ("a=tcp://:10", "host:port"),
    ],
)
def test_says_in_one_sentence_what_is_wrong(text: str, hint: str) -> None:
    with pytest.raises(BadSetting, match=hint) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


def test_gathers_the_command_line_the_setting_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("harbour.hull: udp://0.0.0.0:1\ncoastal.norway: [tcp://a:1, tcp://b:2]\n")
    tails = [source.tail for source in gather(["x=file:-"], "y=udp://h:1 z=udp://h:2", file)]
    assert tails == ["x", "y", "z", "harbour.hull", "coastal.norway", "coastal.norway"]


@pytest.mark.parametrize("content", [b"- a", b"a: [", b"a: 5", b"a: 2026-13-45", b"\x1f\x8b\x08\xff", b"a: \0"])
def test_a_bad_file_of_sources_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes(content)
    with pytest.raises(BadSetting) as caught:
        gather((), "", file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "hint"), [("x", "is not a file"), ("x" * 300, "cannot be read: File name too long")])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(BadSetting, match=hint):
        check_files([Source("a", "file", path=tmp_path / name)])


def test_every_kind_of_source_has_a_reader() -> None:
    assert READERS.keys() == KINDS.keys()
