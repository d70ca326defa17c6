"""Fairway on this machine: the private servers, and the services with the settings that connect them."""

import os
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fairway import database, topics
from fairway.errors import BadSetting
from fairway.settings import PREFIX
from fairway.stack.local import LocalStack
from fairway.stack.ports import choose_port, kept_port
from fairway.stack.services import Service
from fairway.stack.state import StateFile

SERVICES = ("ingest", "decoder", "filter", "db_inserter", "db_maintainer")
WRITER, ANALYST, MAINTAINER, API = "fairway_writer", "fairway_analyst", "fairway_maintainer", "fairway_api"
LOGINS = {"writer": WRITER, "analyst": ANALYST, "maintainer": MAINTAINER, "api": API}
ROLES = {"db_inserter": WRITER, "db_maintainer": MAINTAINER}  # by service; the others may read
_BROKER_USERS = {user.name for user in topics.USERS}
DEFAULT_TAIL = "local.antenna"
UDP_PORT = 10110  # the customary port of NMEA 0183 over IP; another when it is taken


class Local:
    """The local stack together with the services that run on it. Raises BadSetting when its folder cannot be one."""

    def __init__(self, stack: LocalStack | None = None) -> None:
        self.stack = stack or LocalStack()
        _check_folder(self.stack.paths.root)
        self._state = StateFile(self.stack.paths.run / "state.json")

    def start_servers(self, definitions: Mapping[str, Any] | None = None) -> None:
        """Start RabbitMQ and PostgreSQL with our topology, or the one given, schema and logins. Raises StackError."""
        self.stack.start_servers(definitions or topics.definitions())
        owner = self.stack.database_url()
        database.migrate(owner)
        passwords = {role: self.stack.passwords.make("database", login) for role, login in LOGINS.items()}
        database.ensure_logins(owner, passwords)

    def start_services(self, sources: Sequence[str] = (), extra: Mapping[str, str] | None = None) -> None:
        """Start the services that do not run. Other sources than before restart ingest."""
        wanted = " ".join(sources) or self._state.get("sources") or f"{DEFAULT_TAIL}=udp://127.0.0.1:{self.udp_port()}"
        if wanted != self._state.get("sources"):
            self.stack.services.stop("ingest")
            self._state.put("sources", wanted)
        for name in SERVICES:
            environment = {**self.environment(name), **(extra or {})}
            environment["FAIRWAY_METRICS_PORT"] = str(self._metrics_port(name))
            environment["FAIRWAY_SOURCES"] = wanted
            self.stack.services.start(Service(name, f"services.{name}", environment))

    def environment(self, user: str) -> dict[str, str]:
        """The settings with which a service, or the AMQP user `user`, reaches this stack."""
        broker = {"FAIRWAY_AMQP_URL": self.stack.amqp_url(user)} if user in _BROKER_USERS else {}
        return {
            **broker,
            "FAIRWAY_DATABASE_URL": self.stack.database_url(ROLES.get(user, ANALYST)),
            "FAIRWAY_STATE_DIR": str(self.stack.paths.root),
            "FAIRWAY_FILTER_PARTITIONS": "1",  # a local stack has one filter
        }

    def udp_port(self) -> int:
        """Where a local ingest listens for datagrams."""
        if self._state.get("port.udp") is None:
            self._state.put("port.udp", str(UDP_PORT))
            return choose_port(self._state, "udp")
        return kept_port(self._state, "udp")

    def is_running(self) -> bool:
        """Whether both servers of this stack run."""
        return self.stack.paths.run.exists() and all(
            part.pid for part in self.stack.status() if part.name in ("rabbitmq", "postgres")
        )

    def readiness(self, name: str) -> str:
        """`ready`, or what a running service says is missing."""
        url = f"http://127.0.0.1:{self.metrics_port(name)}/readyz"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return "ready" if answer.status == 200 else str(answer.status)
        except urllib.error.HTTPError as error:
            return error.read().decode().strip()
        except OSError:
            return "no answer yet"

    def metrics_port(self, name: str) -> int | None:
        """Where a service serves its metrics; None when it was never started."""
        port = self._state.get(f"port.metrics_{name}")
        return int(port) if port else None

    def _metrics_port(self, name: str) -> int:
        if self.stack.services.process(name):
            return kept_port(self._state, f"metrics_{name}")
        return choose_port(self._state, f"metrics_{name}")


def _check_folder(root: Path) -> None:
    """A folder that is not there yet is right."""
    try:
        if not root.exists():
            return
        next(root.iterdir(), None)
    except OSError as error:
        reason = error.strerror or error
        raise BadSetting(f"{PREFIX}STATE_DIR, {root}, cannot be used as a folder: {reason}") from None


def surroundings(user: str) -> Mapping[str, str]:
    """The environment for a command: the person's own, else that of the local stack when it runs."""
    given = os.environ
    if f"{PREFIX}AMQP_URL" in given or f"{PREFIX}AMQP_URL_FILE" in given:
        return given
    local = Local()
    return {**local.environment(user), **given} if local.is_running() else given
