"""What to read: `TAIL=URL` from a command line, FAIRWAY_SOURCES or a YAML file. A new kind of source is one line in KINDS."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import yaml

from fairway.errors import BadSetting
from fairway.settings import CommonSettings, IngestSettings, text_of
from fairway.topics import BadTail, check_tail
from services.ingest.addresses import shown
from services.ingest.feeds.aisstream import Aisstream
from services.ingest.feeds.files import Files
from services.ingest.feeds.follow import Follow
from services.ingest.feeds.http_polling import Http, Https
from services.ingest.feeds.serial_port import SerialPort
from services.ingest.feeds.tcp import TcpClient
from services.ingest.feeds.tcp_server import TcpServer
from services.ingest.feeds.udp import UdpListener
from services.ingest.formats.tables import mapping
from services.ingest.options import Options, yes_or_no
from services.ingest.source import Kind, Source


class _Entry(NamedTuple):
    kind: Kind
    sentence: str
    mark: str = "?"  # behind it stand the options in a URL


KINDS: dict[str, _Entry] = {
    "file": _Entry(Files, "a file, a folder or a pattern such as logs/*.gz; file:- is standard input"),
    "follow": _Entry(Follow, "a log that grows, read as it grows, through rotation"),
    "tcp": _Entry(TcpClient, "connect to host:port, or to the first of several that answers, and read lines"),
    "tcp-listen": _Entry(TcpServer, "listen on host:port for feeders that connect and send lines"),
    "udp": _Entry(UdpListener, "listen on host:port, or several, for datagrams of lines"),
    "serial": _Entry(SerialPort, "a receiver on a serial line, such as serial:/dev/ttyUSB0?baud=38400"),
    "aisstream": _Entry(Aisstream, "the live service of aisstream.io"),
    "http": _Entry(Http, "fetch a document again and again; its options stand behind a #", mark="#"),
    "https": _Entry(Https, "the same, encrypted", mark="#"),
}

WITHOUT_ADDRESS = ("aisstream",)  # may do without the colon, which YAML takes for another key's

# What follows the address. A file's name may hold a question mark; it is options only when key=value follows.
_OPTIONS = re.compile(r"[a-z_]+=[^&]*(?:&[a-z_]+=[^&]*)*")


def parse(text: str) -> list[Source]:
    """The sources that `TAIL=URL` means: several when it names several files. Raises BadSetting."""
    tail, equals, url = text.partition("=")
    if not equals or not url or "://" in tail:
        raise BadSetting(
            f"{shown(text)!r} is not a source: write TAIL=URL, such as coastal.denmark=udp://0.0.0.0:10110"
        )
    return make(tail, url, {})


def make(tail: str, url: str, options: Mapping[str, Any]) -> list[Source]:
    """The sources at `url`; `options` go over those in the URL. Raises BadSetting."""
    try:
        check_tail(tail)
    except BadTail as error:
        raise BadSetting(str(error)) from None
    kind, colon, rest = url.partition(":")
    if kind not in KINDS or not (colon or kind in WITHOUT_ADDRESS):
        raise BadSetting(
            f"{shown(url)!r} is no source that Fairway reads: it must start with {', '.join(f'{name}:' for name in KINDS)}"
        )
    address, given = _without_options(rest, KINDS[kind].mark)
    found = Options({**given, **options}, f"{tail}={kind}:{shown(address)}")
    correct_clock = found.take("correct_clock", yes_or_no, False)
    columns = found.take("mapping", lambda path: mapping.load(Path(path)), None)
    feeds = KINDS[kind].kind.parse(address.removeprefix("//"), found)
    found.end()
    return [Source(tail, kind, feed, columns, correct_clock) for feed in feeds]


def gather(given: Iterable[str], listed: str, file: Path | None) -> list[Source]:
    """All sources of a command line, of FAIRWAY_SOURCES and of a YAML file. Raises BadSetting."""
    sources = [source for text in (*given, *listed.split()) for source in parse(text)]
    if file is not None:
        sources += [source for tail, url, options in _from_yaml(file) for source in make(tail, url, options)]
    return sources


def check(settings: CommonSettings) -> None:
    """Raises BadSetting when the settings name a source that cannot be understood, or has no key."""
    if isinstance(settings, IngestSettings):
        check_keys(gather((), settings.sources, settings.sources_file), settings)


def check_keys(sources: Iterable[Source], settings: IngestSettings) -> None:
    """Raises BadSetting when a source needs a key and there is none."""
    for source in sources:
        if isinstance(source.feed, Aisstream):
            source.feed.check(settings)


def _without_options(rest: str, mark: str) -> tuple[str, dict[str, str]]:
    address, found, text = rest.rpartition(mark)
    if not found or not _OPTIONS.fullmatch(text):
        return rest, {}
    pairs = (pair.partition("=") for pair in text.split("&"))
    return address, {name: unquote(value) for name, _, value in pairs}


def _from_yaml(path: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    try:
        content = yaml.safe_load(text_of(path, f"the file of sources {path}"))
    except (yaml.YAMLError, ValueError) as error:  # a ValueError comes of a date that no calendar has
        raise BadSetting(f"the file of sources {path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise BadSetting(
            f"the file of sources {path} must map each tail to a URL, a list of URLs, or a url and its options"
        )
    for tail, entries in content.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            options = dict(entry) if isinstance(entry, dict) else {"url": entry}
            if "url" not in options:
                raise BadSetting(f"{tail} in the file of sources {path} has no url")
            yield str(tail), str(options.pop("url")), {str(name): value for name, value in options.items()}
