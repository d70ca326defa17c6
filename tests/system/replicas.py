"""A local stack with a topology of its own, and services started one by one: several of a kind, or slowed down."""

import os
import signal
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fairway.local import Local
from fairway.stack.errors import StackError
from fairway.stack.files import last_lines
from fairway.stack.local import LocalStack
from fairway.stack.ports import choose_port
from fairway.stack.services import Service
from fairway.stack.state import StateFile
from tests.system.conftest import Pipeline, until


class Replicas(Pipeline):
    """A stack whose services are started one by one, each under a name and with settings of its own."""

    def run_one(self, name: str, module: str, **settings: str) -> None:
        """Start a service under a name of its own."""
        given = {f"FAIRWAY_{key.upper()}": value for key, value in settings.items()}
        environment = {
            **self.local.environment(module),
            "FAIRWAY_METRICS_PORT": str(self._port(name)),
            **given,
        }
        self.stack.services.start(Service(name, f"services.{module}", environment))

    def kill(self, name: str) -> None:
        """End a service without a chance to finish anything."""
        process = self.stack.services.process(name)
        assert process is not None, f"{name} died by itself:\n{last_lines(self.stack.services.log(name))}"
        os.kill(process.pid, signal.SIGKILL)
        assert until(lambda: self.stack.services.process(name) is None, 10)

    def metric(self, name: str, metric: str) -> float:
        """The sum over all labels of one of a service's metrics; 0 while it does not answer yet."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port(name)}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return 0.0
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((metric + "{", metric + " ")))

    def _port(self, name: str) -> int:
        state = StateFile(self.stack.paths.run / "state.json")
        kept = state.get(f"port.metrics_{name}")
        return int(kept) if kept else choose_port(state, f"metrics_{name}")


@contextmanager
def servers(folder: Path, definitions: Mapping[str, Any]) -> Iterator[Replicas]:
    """Both servers with that topology and no service; skipped with the reason where they are not installed, except in CI."""
    local = Local(LocalStack(folder / ".fairway"))
    try:
        try:
            local.start_servers(definitions)
        except StackError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no servers here: {error}")
        yield Replicas(local)
    finally:
        local.stack.clean()
