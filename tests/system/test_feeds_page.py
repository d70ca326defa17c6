"""docs/feeds.md does what it says: every recipe is run as it stands there, every file and source on it is read.

One recipe cannot reach its server from a test: aisstream's has the address of a server that talks as the service does.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from fairway.errors import BadSetting
from fairway.records import TIME_SOURCES
from services.ingest.sources import KINDS, gather, parse
from tests.system.conftest import Pipeline
from tests.system.feeds_page import PAGE, Recipe, anchors, column, not_printed, recipes, sources, yaml_files
from tests.unit.services.ingest.feeds.test_aisstream import Service, report

TEXT = PAGE.read_text()
RECIPES = recipes(TEXT)
AT_ONCE = 4  # most of a recipe's time is waiting for live feeds
RECIPE_SECONDS = 60
BIN = Path(sys.executable).parent
ADDRESSES = {  # of each kind of source, for a question about its options
    "tcp": "tcp://h:1",
    "tcp-listen": "tcp-listen://h:1",
    "udp": "udp://h:1",
    "serial": "serial:/dev/x",
    "aisstream": "aisstream:",
    "http": "http://h/x",
    "https": "https://h/x",
    "file": "file:x",
    "follow": "follow:x",
}
OF_ALL = {"correct_clock", "mapping"}
Run = Callable[[Recipe], "Ran"]


class Ran(NamedTuple):
    """What came of a recipe."""

    status: int
    output: str
    errors: str


@pytest.fixture(scope="module")
def surroundings(pipeline: Pipeline) -> dict[str, str]:
    """The environment of a shell after the page's first recipe."""
    pipeline.start(insert_seconds="0.5")
    _, exports, _ = pipeline.run("env")
    own = {name: value for name, value in os.environ.items() if not name.startswith(("FAIRWAY_", "PG"))}
    path = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return {**own, **path, **dict(re.findall(r"export (\w+)='?([^'\n]*)'?", exports))}


@pytest.fixture(scope="module")
def aisstream() -> Iterator[Service]:
    """Talks as aisstream.io does: a report near Denmark, one near Gibraltar, one of neither, again and again."""

    def talk(connection: ServerConnection, _subscription: dict[str, Any]) -> None:
        with suppress(ConnectionClosed):
            while not server.closing.wait(0.1):
                for lat, lon in ((56.0, 11.0), (36.0, -5.4), (0.0, 0.0)):
                    connection.send(report(lat=lat, lon=lon))

    server = Service(talk)
    with server.running():
        yield server


@pytest.fixture(scope="module")
def running(
    request: pytest.FixtureRequest,
    surroundings: dict[str, str],
    aisstream: Service,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Ran]]]:
    """The recipes that are asked for, run a few at a time; each in an empty folder."""
    chosen = [item.callspec.params.get("recipe") for item in request.session.items if hasattr(item, "callspec")]
    wanted = [each for each in chosen if isinstance(each, Recipe)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            each.name: pool.submit(_run, _answerable(each, aisstream), tmp_path_factory.mktemp("recipe"), surroundings)
            for each in wanted
        }


def _answerable(recipe: Recipe, aisstream: Service) -> Recipe:
    """The recipe; aisstream's with the address of our own server."""
    ours = {
        name: text.replace("url: aisstream\n", f"url: aisstream:?url={aisstream.url}\n")
        for name, text in recipe.files.items()
    }
    return replace(recipe, files=ours)


def _run(recipe: Recipe, folder: Path, environment: dict[str, str]) -> Ran:
    for name, content in recipe.files.items():
        (folder / name).write_text(content)
    printed, said = folder / ".output", folder / ".errors"
    with printed.open("w") as output, said.open("w") as errors:
        shell = subprocess.Popen(
            ["bash", "-e", "-c", recipe.commands],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        with suppress(subprocess.TimeoutExpired):
            shell.wait(RECIPE_SECONDS)
        with suppress(ProcessLookupError):  # a recipe that failed may leave a feed behind
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
    return Ran(shell.returncode, printed.read_text(), said.read_text())


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_ends_well_and_prints_what_the_page_promises(recipe: Recipe, running: dict[str, Future[Ran]]) -> None:
    ran = running[recipe.name].result()
    assert ran.status == 0, ran.output + ran.errors
    assert "Traceback" not in ran.errors
    assert not_printed(recipe.printed, ran.output, ran.errors) == [], ran.output + ran.errors
    assert recipe.printed or ran.output + ran.errors == ""


def test_every_yaml_file_of_the_page_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = yaml_files(TEXT)
    for name, content in files.items():
        Path(name).write_text(content)
    for name, content in files.items():
        is_mapping = "\ncolumns:" in content
        assert parse(f"a.b=file:x?mapping={name}") if is_mapping else gather((), "", Path(name))


def test_every_source_of_the_page_can_be_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("logs").mkdir()
    Path("logs/day.gz").touch()
    found = sources(TEXT)
    assert {KINDS[parse(text)[0].kind].kind for text in found} == {entry.kind for entry in KINDS.values()} - {
        KINDS["http"].kind
    }


def test_every_option_of_every_kind_of_source_is_in_the_table() -> None:
    rows = column(TEXT, "kind", "option")
    documented = {(kind, option) for kinds, option in rows for kind in kinds.split(", ")}
    known = {(kind, option) for kind, address in ADDRESSES.items() for option in _options(kind, address)}
    assert ADDRESSES.keys() == KINDS.keys()
    assert documented == {each for each in known if each[1] not in OF_ALL} | {("all", option) for option in OF_ALL}


def _options(kind: str, address: str) -> list[str]:
    """What a source says that it has when it is asked for an option that nothing is like."""
    with pytest.raises(BadSetting) as complaint:
        parse(f"coastal.test={address}{KINDS[kind].mark}qqqqqqqq=1")
    return str(complaint.value).partition("; it has ")[2].split(", ")


def test_every_source_of_time_is_explained() -> None:
    given = [source for _, source in column(TEXT, "order", "`time_source`")]
    assert given == ["tag_block", "pghp", "trailing", "prefix", "provider", "received"]
    assert set(given) <= set(TIME_SOURCES)


def test_links_within_the_page_lead_somewhere() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors(TEXT)


def test_what_is_promised_is_looked_for_in_order_and_a_lone_zero_is_no_number() -> None:
    assert not_printed(["a: … lines"], "a: 12 lines\n") == []
    assert not_printed(["a: … lines"], "a: 0 lines\n") == ["a: … lines"]
    assert not_printed(["one", "two"], "two\n", "one\n") == []
    assert not_printed(["one", "two"], "two\none\n") == ["two"]
