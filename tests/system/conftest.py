"""The whole pipeline as its users run it: private servers and the five services as processes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from fairway.local import Local
from fairway.stack.errors import StackError
from fairway.stack.local import LocalStack
from tests.system.fresh_stack import FreshStack

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"


class Pipeline:
    """A running local stack, with what a test asks of it."""

    def __init__(self, local: Local) -> None:
        self.local = local
        self.stack = local.stack

    def start(self, sources: list[str] | None = None, **settings: str) -> None:
        """Start the services with settings such as filter_rules="keep_all"."""
        extra = {f"FAIRWAY_{name.upper()}": value for name, value in settings.items()}
        self.local.start_services(sources or (), extra)

    def stop_services(self) -> None:
        self.stack.services.stop_all()

    def run(self, *arguments: str, timeout: float = 300) -> tuple[int, str, str]:
        """The `fairway` command on this stack: exit status, standard output, standard error."""

        environment = {**os.environ, "FAIRWAY_STATE_DIR": str(self.stack.paths.root)}
        command = [sys.executable, "-m", "fairway.cli", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment, check=False)
        return done.returncode, done.stdout, done.stderr

    def ask(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Rows of a query, as the owner."""
        with closing(psycopg2.connect(self.stack.database_url())) as connection, connection.cursor() as cursor:
            cursor.execute(query, arguments)
            return cursor.fetchall()


@pytest.fixture(scope="session")
def stack_of_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshStack]:
    """The servers, started once; skipped with the reason where they are not installed, except in CI."""
    local = Local(LocalStack(tmp_path_factory.mktemp("system") / ".fairway"))
    try:
        local.start_servers()
    except StackError as error:
        local.stack.clean()
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no servers here: {error}")
    yield FreshStack(local)
    local.stack.clean()


@pytest.fixture(scope="module")
def pipeline(stack_of_worker: FreshStack) -> Iterator[Pipeline]:
    """A stack for each module in which nothing has happened yet."""
    yield Pipeline(stack_of_worker.renewed())
    stack_of_worker.local.stack.services.stop_all()


def recording(name: str) -> Path:
    """A real recording; the test is skipped where it is not at hand."""
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"the recording {name} is not at hand")
    return path


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.3)
    return condition()
