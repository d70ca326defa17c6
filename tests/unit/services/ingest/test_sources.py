"""What a person may write to name a feed."""

from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.settings import IngestSettings, read
from services.ingest.addresses import Address
from services.ingest.feeds.aisstream import Aisstream
from services.ingest.feeds.http_polling import HttpPolling
from services.ingest.feeds.reading_again import Patience
from services.ingest.feeds.serial_port import SerialPort
from services.ingest.feeds.tcp import TcpClient
from services.ingest.feeds.tcp_server import TcpServer
from services.ingest.feeds.udp import UdpListener
from services.ingest.feeds.zones import Box, Zone
from services.ingest.source import Feed
from services.ingest.sources import KINDS, check, gather, parse


@pytest.mark.parametrize(
    ("text", "feed"),
    [
        ("a=udp://0.0.0.0:10110", UdpListener((Address("0.0.0.0", 10110),))),
        ("a=udp://[::1]:10110,h:2", UdpListener((Address("::1", 10110), Address("h", 2)))),
        ("a=udp://239.1.2.3:1?interface=10.0.0.1", UdpListener((Address("239.1.2.3", 1),), "10.0.0.1")),
        ("a=tcp://153.44.253.27:5631", TcpClient((Address("153.44.253.27", 5631),))),
        ("a=tcp://h:1,k:2?silence=30", TcpClient((Address("h", 1), Address("k", 2)), Patience(silence=30.0))),
        ("a=tcp://h:1?login=me%20you", TcpClient((Address("h", 1),), greeting="me you")),
        ("a=tcp-listen://0.0.0.0:5631?connections=9", TcpServer((Address("0.0.0.0", 5631),), 9)),
        ("a=serial:/dev/ttyUSB0", SerialPort("/dev/ttyUSB0")),
        ("a=serial:///dev/ttyUSB0?baud=4800", SerialPort("/dev/ttyUSB0", 4800)),
        ("a=aisstream:", Aisstream()),
        ("a=aisstream:?zones=dk:54,7,58,16", Aisstream(zones=(Zone("dk", (Box(54.0, 7.0, 58.0, 16.0),)),))),
        ("a=https://h/p?key=x#every=90", HttpPolling("https://h/p?key=x", 90.0)),
        ("a=http://h/p?every=90", HttpPolling("http://h/p?every=90")),
    ],
)
def test_understands_a_source(text: str, feed: Feed) -> None:
    [source] = parse(text)
    assert (source.tail, source.feed) == ("a", feed)
    assert source.is_live


def test_a_file_is_not_live() -> None:
    [source] = parse("a=file:-")
    assert not source.is_live


def test_understands_the_options_that_all_kinds_have() -> None:
    [source] = parse("a=udp://h:1?correct_clock=yes")
    assert source.correct_clock
    assert source.kind == "udp"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("udp://0.0.0.0:10110", "TAIL=URL"),
        ("Coastal=udp://0.0.0.0:1", "lower-case"),
        ("a..b=udp://0.0.0.0:1", "lower-case"),
        ("a=htp://x:1", "must start with file:, "),
        ("a=udp://0.0.0.0", "host:port"),
        ("a=udp://0.0.0.0:99999", "host:port"),
        ("a=udp://0.0.0.0:1,", "host:port"),
        ("a=tcp://:10", "host:port"),
        ("a=tcp://h:1/path", "host:port"),
        ("a=tcp://h:1?silence=0", "above 0"),
        ("a=tcp://h:1?silent=5", "did you mean silence"),
        ("a=udp://h:1?correct_clock=maybe", "yes or no"),
        ("a=aisstream:wss://h", "no address"),
        ("a=http:///path", "names no host"),
        ("a=tcp://h..k:1", "host:port"),
        ("a=http://h..k/path", "is not one"),
    ],
)
def test_says_in_one_sentence_what_is_wrong(text: str, hint: str) -> None:
    with pytest.raises(BadSetting, match=hint) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "a=tcp://me:secret@h:1",
        "a=tcp://h:1?login=secret&secret",
        "a=https://me:se@secret@h/path?key=secret#evry=1",
        "a=https://me:se/secret@h/path",
        "a=https://me:secret@/path",
        "a:https://me:secret@h/path",
        "a=ftp://me:secret@h/path?key=secret",
    ],
)
def test_what_is_wrong_is_said_without_passwords_and_keys(text: str) -> None:
    with pytest.raises(BadSetting) as caught:
        parse(text)
    assert "secret" not in str(caught.value)


def test_a_check_of_the_settings_misses_a_key() -> None:
    with pytest.raises(BadSetting, match="aisstream needs a key"):
        check(read(IngestSettings, {"FAIRWAY_SOURCES": "a=aisstream:"}))
    check(read(IngestSettings, {"FAIRWAY_SOURCES": "a=aisstream:", "FAIRWAY_AISSTREAM_KEY": "x"}))


def test_gathers_the_command_line_the_setting_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("harbour.hull: udp://0.0.0.0:1\ncoastal.norway: [tcp://a:1, {url: tcp://b:2, silence: 5}]\n")
    sources = gather(["x=file:-"], "y=udp://h:1 z=udp://h:2", file)
    assert [source.tail for source in sources] == ["x", "y", "z", "harbour.hull", "coastal.norway", "coastal.norway"]
    assert sources[-1].feed == TcpClient((Address("b", 2),), Patience(silence=5.0))


@pytest.mark.parametrize(
    "content", [b"- a", b"a: [", b"a: 5", b"a: 2026-13-45", b"\x1f\x8b\x08\xff", b"a: \0", b"a: {silence: 5}"]
)
def test_a_bad_file_of_sources_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes(content)
    with pytest.raises(BadSetting) as caught:
        gather((), "", file)
    assert "\n" not in str(caught.value)


def test_every_kind_says_what_it_is() -> None:
    assert all(entry.sentence for entry in KINDS.values())


def test_aisstream_needs_no_colon() -> None:
    [source] = parse("world.aisstream=aisstream")
    assert source.kind == "aisstream"
