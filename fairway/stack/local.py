"""The local stack as one value: a private RabbitMQ and PostgreSQL and the background processes beside them."""

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fairway.stack import rabbitmq_config
from fairway.stack.amqp_users import DEFAULT_VHOST, with_users
from fairway.stack.passwords import ADMINISTRATOR, Passwords
from fairway.stack.paths import StatePaths, default_root, prepare, wipe
from fairway.stack.postgres import DATABASE, Postgres
from fairway.stack.processes import Process
from fairway.stack.programs import SearchPath
from fairway.stack.rabbitmq import RabbitMQ
from fairway.stack.services import Services
from fairway.stack.state import StateFile


@dataclass(frozen=True)
class Status:
    """One part of the stack; `pid` is None when it does not run, `port` when it has none of its own."""

    name: str
    pid: int | None
    port: int | None
    log: Path


class LocalStack:
    """Everything that runs for one state folder. What another user, stack or package runs is never touched."""

    def __init__(
        self,
        root: Path | None = None,
        *,
        search: SearchPath | None = None,
        memory: str = rabbitmq_config.MEMORY,
    ) -> None:
        self.paths = StatePaths((root or default_root()).absolute())
        self.passwords = Passwords(self.paths.run / "secrets.json")
        state, programs = StateFile(self.paths.run / "state.json"), search or SearchPath()
        self.rabbitmq = RabbitMQ(self.paths, state, self.passwords, programs, memory)
        self.postgres = Postgres(self.paths, state, self.passwords, programs)
        self.services = Services(self.paths)

    def start_servers(
        self, definitions: Mapping[str, Any], *, users: Sequence[str] = (), roles: Sequence[str] = ()
    ) -> None:
        """Starts both servers, unless they run, and returns when both accept logins. Raises StackError.

        Every AMQP user in the definitions or in `users`, and every database role in `roles`, can log in afterwards.
        """
        prepare(self.paths)
        self.rabbitmq.check()
        self.postgres.check()
        with self._alone(), ThreadPoolExecutor(max_workers=2) as pool:
            broker = pool.submit(self._start_rabbitmq, definitions, users)
            database = pool.submit(self._start_postgres, roles)
            broker.result()
            database.result()

    def amqp_url(self, user: str = ADMINISTRATOR) -> str:
        """Where and as whom to connect to RabbitMQ. Raises StackError when the stack does not know the user."""
        password = self.passwords.of("amqp", user)
        return f"amqp://{quote(user)}:{password}@127.0.0.1:{self.rabbitmq.port}/{quote(DEFAULT_VHOST, safe='')}"

    def database_url(self, role: str = ADMINISTRATOR) -> str:
        """Where and as whom to connect to the database. Raises StackError when the stack does not know the role."""
        password = self.passwords.of("database", role)
        return f"postgresql://{quote(role)}:{password}@127.0.0.1:{self.postgres.port}/{DATABASE}"

    def status(self) -> list[Status]:
        """The two servers, then the services that were started and not stopped."""
        servers = [
            self._status(name, server.process(), server.log, server.port if server.process() else None)
            for name, server in (("rabbitmq", self.rabbitmq), ("postgres", self.postgres))
        ]
        services = [
            self._status(name, self.services.process(name), self.services.log(name), None)
            for name in self.services.names()
        ]
        return servers + services

    def stop(self) -> None:
        """Stops what this stack started, services first; does nothing when nothing runs."""
        if not self.paths.run.exists():
            return
        prepare(self.paths)
        with self._alone(), ThreadPoolExecutor(max_workers=2) as pool:
            self.services.stop_all()
            list(pool.map(lambda server: server.stop(), (self.rabbitmq, self.postgres)))

    def clean(self) -> None:
        """Stops everything and deletes its state: data, ports, passwords and logs."""
        self.stop()
        wipe(self.paths)

    def _start_rabbitmq(self, definitions: Mapping[str, Any], users: Sequence[str]) -> None:
        self.rabbitmq.define(
            with_users(definitions, users, ADMINISTRATOR, lambda name: self.passwords.make("amqp", name))
        )
        self.rabbitmq.start()

    def _start_postgres(self, roles: Sequence[str]) -> None:
        self.postgres.start()
        self.postgres.make_roles(roles)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keeps a second command on the same stack waiting: both would start the same server."""
        with (self.paths.run / "lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _status(name: str, process: Process | None, log: Path, port: int | None) -> Status:
        return Status(name, process.pid if process else None, port, log)
