"""A private PostgreSQL with PostGIS."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor

from fairway.stack.accounts import Account, server_account
from fairway.stack.errors import StackError
from fairway.stack.files import last_lines, write_private
from fairway.stack.passwords import ADMINISTRATOR, Passwords
from fairway.stack.paths import StatePaths, server_folder
from fairway.stack.ports import choose_port, kept_port
from fairway.stack.postgres_config import config
from fairway.stack.processes import PidFile, Process, spawn, wait_until
from fairway.stack.programs import SearchPath, find_postgres
from fairway.stack.state import StateFile

NAME = "postgres"
DATABASE = "fairway"
START_SECONDS = 120.0  # after a crash it replays up to max_wal_size first
STOP_SECONDS = 30.0
ORPHANS = "pre-existing shared memory block"
ORPHANS_PAUSE_SECONDS = 0.5
OWN_SETTINGS = "fairway.conf"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}  # no foreign PG* variable slips in


class Postgres:
    """The PostgreSQL of one stack."""

    def __init__(self, paths: StatePaths, state: StateFile, passwords: Passwords, search: SearchPath) -> None:
        self.log = paths.log_file(NAME)
        self._paths, self._state, self._passwords, self._search = paths, state, passwords, search
        self._server = PidFile(paths.run / f"{NAME}.pid")

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1. Raises StackError before the first start."""
        return kept_port(self._state, NAME)

    def process(self) -> Process | None:
        """The running server, None when there is none."""
        return self._server.running()

    def check(self) -> None:
        """Raises StackError when it could not be started: programs or the system user are missing."""
        find_postgres(self._search), server_account(NAME)

    def start(self) -> None:
        """Starts it unless it runs already; returns when the database with PostGIS takes a login. Raises StackError."""
        if self.process() is None or not self._becomes_ready():  # or: it was just ending
            self._start()
            while not self._becomes_ready():
                self._start_after_orphans()
        self._make_database()

    def stop(self) -> None:
        """Shuts it down (open connections are closed); data and port are kept."""
        self._server.stop((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS))

    def restart(self) -> None:
        """Stops and starts it, with the same data and port."""
        self.stop()
        self.start()

    def make_roles(self, names: Sequence[str]) -> None:
        """Makes each role that is missing and gives it a password; what it may do is for migrations to say."""
        with self._cursor(DATABASE) as database:
            for name in names:
                database.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
                change = "ALTER ROLE {} LOGIN PASSWORD {}" if database.rowcount else "CREATE ROLE {} LOGIN PASSWORD {}"
                password = sql.Literal(self._passwords.make("database", name))
                database.execute(sql.SQL(change).format(sql.Identifier(name), password))

    def _start(self) -> None:
        account = server_account(NAME)
        folder = server_folder(self._paths, NAME, account)
        data = folder / "data"
        programs = find_postgres(self._search, _major_of(data))
        if not data.exists():
            self._make_data(programs, data, account)
        write_private(data / OWN_SETTINGS, config(choose_port(self._state, NAME)), account)
        command = [str(programs / "postgres"), "-D", str(data)]
        self._server.write(spawn(command, environment=ENVIRONMENT, log=self.log, folder=folder, account=account))

    def _start_after_orphans(self) -> None:
        """Start again when children of a killed server still held its memory; they end by themselves within seconds.

        Raises StackError when it ended for any other reason.
        """
        if ORPHANS not in last_lines(self.log, 2):
            raise self._failure("ended while it started")
        time.sleep(ORPHANS_PAUSE_SECONDS)
        self._start()

    def _make_data(self, programs: Path, data: Path, account: Account | None) -> None:
        """Runs initdb; beside the final place first, so that one that was interrupted is never taken for whole."""
        new, password = data.with_name("data.new"), data.with_name("password")
        shutil.rmtree(new, ignore_errors=True)
        write_private(password, self._passwords.make("database", ADMINISTRATOR) + "\n", account)
        try:
            self._initdb(programs, new, password, account)
        finally:
            password.unlink()
        with (new / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\ninclude = '{OWN_SETTINGS}'\n")
        new.rename(data)

    def _initdb(self, programs: Path, folder: Path, password: Path, account: Account | None) -> None:
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--data-checksums"]
        done = subprocess.run(
            [programs / "initdb", *options, f"--username={ADMINISTRATOR}", f"--pwfile={password}", "-D", folder],
            env=ENVIRONMENT,
            cwd=folder.parent,
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            raise StackError(f"PostgreSQL's initdb failed; it said:\n{done.stderr.strip()}")

    def _becomes_ready(self) -> bool:
        """True once it accepts a login, False when it ended instead."""
        if not wait_until(lambda: self.process() is None or self._accepts_login(), START_SECONDS):
            raise self._failure("did not accept our login in time")
        return self.process() is not None

    def _failure(self, what: str) -> StackError:
        return StackError(f"PostgreSQL {what}; see {self.log}, which ends with:\n{last_lines(self.log)}")

    def _accepts_login(self) -> bool:
        try:
            with self._cursor("postgres"):
                return True
        except psycopg2.OperationalError:
            return False

    def _make_database(self) -> None:
        with self._cursor("postgres") as database:
            database.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not database.rowcount:
                database.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with self._cursor(DATABASE) as database:
            database.execute("SELECT FROM pg_extension WHERE extname = 'postgis'")
            if not database.rowcount:
                database.execute("CREATE EXTENSION postgis")

    @contextmanager
    def _cursor(self, database: str) -> Iterator[cursor]:
        """A cursor of the administrator, each statement its own transaction, as CREATE DATABASE demands."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user=ADMINISTRATOR,
            password=self._passwords.of("database", ADMINISTRATOR),
            connect_timeout=5,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as opened:
                yield opened
        finally:
            connection.close()


def _major_of(data: Path) -> str | None:
    """The major version that made the data, None when there are none yet."""
    file = data / "PG_VERSION"
    return file.read_text(encoding="ascii").strip() if file.exists() else None
