"""What to read: `TAIL=URL` from a command line, FAIRWAY_SOURCES or a YAML file. A new kind of source is one line in KINDS."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from fairway.errors import BadSetting
from fairway.settings import CommonSettings, IngestSettings, text_of
from fairway.topics import BadTail, check_tail

KINDS = {
    "file": "a file of lines, plain or .gz; file:- is standard input",
    "tcp": "connect to host:port and read lines",
    "udp": "listen on host:port for datagrams of lines",
}


@dataclass(frozen=True)
class Source:
    """One feed: its name in routing keys and rows, and where it is read from."""

    tail: str
    kind: str
    host: str = ""
    port: int = 0
    path: Path | None = None  # None for a file source means standard input

    @property
    def is_live(self) -> bool:
        """Whether it goes on without us; a file waits."""
        return self.kind != "file"


def parse(text: str) -> Source:
    """The source that `TAIL=URL` means. Raises BadSetting."""
    tail, equals, url = text.partition("=")
    if not equals or not url:
        raise BadSetting(f"{text!r} is not a source: write TAIL=URL, such as coastal.denmark=udp://0.0.0.0:10110")
    try:
        check_tail(tail)
    except BadTail as error:
        raise BadSetting(str(error)) from None
    kind, colon, rest = url.partition(":")
    if not colon or kind not in KINDS:
        raise BadSetting(
            f"{url!r} is no source that Fairway reads: it must start with {', '.join(f'{name}:' for name in KINDS)}"
        )
    if kind == "file":
        return Source(tail, kind, path=None if rest == "-" else Path(rest.removeprefix("//")))
    host, port = _address(url)
    return Source(tail, kind, host, port)


def gather(given: Iterable[str], listed: str, file: Path | None) -> list[Source]:
    """All sources of a command line, of FAIRWAY_SOURCES and of a YAML file. Raises BadSetting."""
    texts = [*given, *listed.split(), *(_from_yaml(file) if file else ())]
    return [parse(text) for text in texts]


def check(settings: CommonSettings) -> None:
    """Raises BadSetting when the settings name a source that cannot be understood."""
    if isinstance(settings, IngestSettings):
        gather((), settings.sources, settings.sources_file)


def check_files(sources: Iterable[Source]) -> None:
    """Raises BadSetting when a file is not there, or cannot be looked at."""
    for source in sources:
        if source.path is not None and not _is_file(source.path):
            raise BadSetting(f"{source.path} is not a file")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:  # a name too long, a folder that is closed to us
        raise BadSetting(f"{path} cannot be read: {error.strerror or error}") from None


def _from_yaml(path: Path) -> Iterator[str]:
    try:
        content = yaml.safe_load(text_of(path, f"the file of sources {path}"))
    except (yaml.YAMLError, ValueError) as error:  # a ValueError comes of a date that no calendar has
        raise BadSetting(f"the file of sources {path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise BadSetting(f"the file of sources {path} must map each tail to a URL or a list of URLs")
    for tail, urls in content.items():
        for url in urls if isinstance(urls, list) else [urls]:
            yield f"{tail}={url}"


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None:
        raise BadSetting(f"{url!r} has no host and port: write it as {url.partition(':')[0]}://host:port")
    return host, port
