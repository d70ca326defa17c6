"""Background processes of the stack that are Python modules."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fairway.stack.paths import StatePaths
from fairway.stack.processes import PidFile, Process, spawn

STOP_SECONDS = 10.0  # a service drains what it holds when asked to end


@dataclass(frozen=True)
class Service:
    """A module to run as `python -m <module> <arguments>`; `environment` is laid over our own."""

    name: str
    module: str
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()


class Services:
    """The background processes of one stack."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths
        self._folder = paths.run / "services"

    def start(self, service: Service) -> Process:
        """Starts the service unless it runs already. Whether it works is its own health check's to say."""
        running = self.process(service.name)
        if running is not None:
            return running
        self._folder.mkdir(parents=True, exist_ok=True)
        process = spawn(
            [sys.executable, "-m", service.module, *service.arguments],
            environment={**os.environ, **service.environment},
            log=self.log(service.name),
        )
        self._pid_file(service.name).write(process)
        return process

    def process(self, name: str) -> Process | None:
        """The running process of that name, None when it does not run."""
        return self._pid_file(name).running()

    def names(self) -> list[str]:
        """Every service that was started and not stopped, also one that has ended by itself."""
        return sorted(path.stem for path in self._folder.glob("*.pid"))

    def log(self, name: str) -> Path:
        """The file that takes the output of the service."""
        return self._paths.log_file(name)

    def stop(self, name: str) -> None:
        """Asks the service to end, and kills it when it does not within ten seconds."""
        self._pid_file(name).stop((signal.SIGTERM, STOP_SECONDS))

    def stop_all(self) -> None:
        """Stops every service; all drain at the same time."""
        names = self.names()
        with ThreadPoolExecutor(max_workers=len(names) or 1) as pool:
            list(pool.map(self.stop, names))

    def _pid_file(self, name: str) -> PidFile:
        return PidFile(self._folder / f"{name}.pid")
