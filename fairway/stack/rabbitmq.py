"""A private RabbitMQ with an Erlang port mapper (epmd) of its own."""

import json
import secrets
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pika
import pika.exceptions

from fairway.stack.accounts import Account, server_account
from fairway.stack.errors import StackError
from fairway.stack.files import last_lines, write_private
from fairway.stack.passwords import ADMINISTRATOR, Passwords
from fairway.stack.paths import StatePaths, server_folder
from fairway.stack.ports import choose_port, kept_port
from fairway.stack.processes import PidFile, Process, spawn, wait_until
from fairway.stack.programs import SearchPath, find_epmd, find_rabbitmq
from fairway.stack.rabbitmq_config import MEMORY, Node, environment, files, plugins_for
from fairway.stack.rabbitmq_home import link_home
from fairway.stack.state import StateFile

NAME = "rabbitmq"
PORTS = ("rabbitmq", "rabbitmq-distribution", "epmd")
START_SECONDS = 120.0  # it boots in about four seconds on an idle machine
STOP_SECONDS = 30.0
CONTROL_SECONDS = 60.0


class RabbitMQ:
    """The RabbitMQ of one stack. Its definitions must be given (`define`) before the first start."""

    def __init__(
        self, paths: StatePaths, state: StateFile, passwords: Passwords, search: SearchPath, memory: str = MEMORY
    ) -> None:
        self.log = paths.log_file(NAME)
        self._paths, self._state, self._passwords = paths, state, passwords
        self._search, self._memory = search, memory
        self._server = PidFile(paths.run / f"{NAME}.pid")
        self._epmd = PidFile(paths.run / "epmd.pid")

    @property
    def port(self) -> int:
        """Where it accepts AMQP on 127.0.0.1. Raises StackError before the first start."""
        return kept_port(self._state, NAME)

    def process(self) -> Process | None:
        """The running Erlang VM, None when there is none."""
        return self._server.running()

    def check(self) -> None:
        """Raises StackError when it could not be started: programs or the system user are missing."""
        find_rabbitmq(self._search), find_epmd(), server_account(NAME)

    def define(self, definitions: Mapping[str, Any]) -> None:
        """Sets users, queues and so on; a running server takes what is new of them, restarted only for a new plugin."""
        account, text = server_account(NAME), json.dumps(definitions, indent=1)
        file = self._folder(account) / "definitions.json"
        if file.exists() and file.read_text(encoding="utf-8") == text:
            return
        before = _plugins(file)
        write_private(file, text, account)
        if self.process() is None:
            return
        if set(plugins_for(definitions)) <= set(before):
            self.control("import_definitions", str(file))
        else:
            self.restart()

    def start(self) -> None:
        """Starts it unless it runs already; returns when it accepts a login. Raises StackError."""
        if self.process() is None or not self._becomes_ready():  # or: it was just ending
            self._start()
            if not self._becomes_ready():
                raise self._failure("ended while it started")

    def stop(self) -> None:
        """Stops it, then its port mapper; data and ports are kept."""
        self._server.stop((signal.SIGTERM, STOP_SECONDS))
        self._epmd.stop((signal.SIGTERM, STOP_SECONDS))

    def restart(self) -> None:
        """Stops and starts it, with the same data and ports."""
        self.stop()
        self.start()

    def _start(self) -> None:
        program, account = find_rabbitmq(self._search) / "rabbitmq-server", server_account(NAME)
        for port in PORTS:
            if port != "epmd" or self._epmd.running() is None:
                choose_port(self._state, port)
        node = self._node(account)
        link_home(program, node.home, node.plugins)
        _write_files(node, account)
        self._start_epmd(node, account)
        server = spawn([str(program)], environment=environment(node), log=self.log, folder=node.folder, account=account)
        self._server.write(server)

    def _start_epmd(self, node: Node, account: Account | None) -> None:
        """With one of our own, a foreign RabbitMQ's port mapper on port 4369 is neither used nor disturbed."""
        if self._epmd.running() is not None:
            return
        command = [str(find_epmd()), "-port", str(node.epmd_port), "-address", "127.0.0.1"]
        log = self._paths.log_file("epmd")
        self._epmd.write(spawn(command, environment=environment(node), log=log, folder=node.folder, account=account))
        if not wait_until(lambda: _listens(node.epmd_port), STOP_SECONDS):
            raise StackError(f"Erlang's epmd did not start; see {log}.")

    def _node(self, account: Account | None) -> Node:
        amqp, distribution, epmd = (kept_port(self._state, port) for port in PORTS)
        # Kept, not derived anew: the data belong to this name even after the project folder has been moved.
        name = self._state.keep("node", lambda: f"fairway-{self._paths.key()}@localhost")
        folder = self._folder(account)
        return Node(name, folder, amqp, distribution, epmd, self._memory, _plugins(folder / "definitions.json"))

    def _folder(self, account: Account | None) -> Path:
        return server_folder(self._paths, NAME, account)

    def _becomes_ready(self) -> bool:
        """True once it accepts a login, False when it ended instead."""
        if not wait_until(lambda: self.process() is None or self._accepts_login(), START_SECONDS):
            raise self._failure("did not accept our login in time")
        return self.process() is not None

    def _failure(self, what: str) -> StackError:
        return StackError(f"RabbitMQ {what}; see {self.log}, which ends with:\n{last_lines(self.log)}")

    def _accepts_login(self) -> bool:
        """Whether a login succeeds; a server that was just killed may still listen and then drop the connection."""
        if not _listens(self.port):
            return False
        credentials = pika.PlainCredentials(ADMINISTRATOR, self._passwords.of("amqp", ADMINISTRATOR))
        try:
            pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", self.port, credentials=credentials)).close()
        except pika.exceptions.ProbableAuthenticationError as error:
            raise self._failure("refuses our login") from error
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` prints, run against this server. Raises StackError when it refuses."""
        account = server_account(NAME)
        node = self._node(account)
        done = subprocess.run(
            [find_rabbitmq(self._search) / "rabbitmqctl", "--node", node.name, *arguments],
            env=environment(node),
            cwd=node.folder,
            capture_output=True,
            text=True,
            timeout=CONTROL_SECONDS,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            raise StackError(
                f"RabbitMQ did not take `{arguments[0]}`; it said:\n{(done.stderr or done.stdout).strip()}"
            )
        return done.stdout


def _write_files(node: Node, account: Account | None) -> None:
    for name, text in files(node).items():
        write_private(node.folder / name, text, account)
    if not node.cookie_file.exists():
        write_private(node.cookie_file, secrets.token_hex(20), account)
    if not node.definitions_file.exists():
        raise StackError("RabbitMQ has no definitions yet; start the stack with `fairway up`.")


def _plugins(definitions: Path) -> tuple[str, ...]:
    """What the definitions in a file need; nothing when there is no file yet."""
    return plugins_for(json.loads(definitions.read_text(encoding="utf-8"))) if definitions.exists() else ()


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
