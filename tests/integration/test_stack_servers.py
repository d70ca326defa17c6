"""The private RabbitMQ and PostgreSQL, started for real in a temporary state folder."""

import os
import shutil
import signal
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pika
import psycopg2
import pytest

from fairway.stack.errors import StackError
from fairway.stack.local import LocalStack
from fairway.stack.processes import PidFile, is_running, wait_until
from fairway.stack.programs import SearchPath, find_postgres, find_rabbitmq
from fairway.stack.services import Service

QUEUE = {
    "name": "kept",
    "vhost": "/",
    "durable": True,
    "auto_delete": False,
    "arguments": {"x-queue-type": "quorum"},
}
DEFINITIONS = {"vhosts": [{"name": "/"}], "users": [{"name": "writer"}], "queues": [QUEUE]}
WELL_KNOWN_PORTS = (5672, 5432, 4369)
NOWHERE = SearchPath(rabbitmq=("/nowhere/bin",), postgres=("/nowhere/*/bin",))

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the servers as another user")


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    """Skips on a laptop without the servers; fails in CI."""
    try:
        find_rabbitmq(SearchPath()), find_postgres(SearchPath())
    except StackError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="fairway-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def foreign_servers() -> Iterator[list[socket.socket]]:
    """Somebody else's listeners on the well-known ports, where those are free."""
    listeners = []
    for port in WELL_KNOWN_PORTS:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        listener.listen()
        listener.setblocking(False)
        listeners.append(listener)
    yield listeners
    for listener in listeners:
        listener.close()


@pytest.fixture(scope="module")
def stack(open_folder: Path, foreign_servers: list[socket.socket]) -> Iterator[LocalStack]:
    """One running stack for the whole file."""
    stack = LocalStack(open_folder / ".fairway")
    try:
        stack.start_servers(DEFINITIONS, users=["reader"], roles=["inserter"])
        yield stack
    finally:
        stack.clean()


def ask(stack: LocalStack, question: str, role: str = "local_admin") -> object:
    """The first value of the answer of the stack's database."""
    with closing(psycopg2.connect(stack.database_url(role))) as connection, connection, connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def connect(stack: LocalStack, user: str) -> pika.BlockingConnection:
    return pika.BlockingConnection(pika.URLParameters(stack.amqp_url(user)))


def processes_of(folder: Path) -> list[str]:
    """The command lines that mention the folder, and those of processes working in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = str((process / "cwd").readlink())
        except OSError:
            continue
        if command and (str(folder) in command or str(folder) in place):
            found.append(command)
    return found


@pytest.mark.parametrize("user", ["writer", "reader", "local_admin"])
def test_every_named_user_logs_in_to_rabbitmq(stack: LocalStack, user: str) -> None:
    with closing(connect(stack, user)) as connection:
        assert connection.is_open


def test_roles_log_in_and_postgis_is_there(stack: LocalStack) -> None:
    assert ask(stack, "SELECT current_user", role="inserter") == "inserter"
    assert str(ask(stack, "SELECT postgis_version()", role="inserter"))[0] == "3"


def test_a_login_without_a_password_is_refused(stack: LocalStack) -> None:
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host="127.0.0.1", port=stack.postgres.port, dbname="fairway", user="local_admin", password="x")


def test_settings_of_the_database_are_as_documented(stack: LocalStack) -> None:
    wanted = {
        "TimeZone": "UTC",
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
    }
    assert {name: ask(stack, f"SHOW {name}") for name in wanted} == wanted


def test_an_unknown_login_is_named_with_the_known_ones(stack: LocalStack) -> None:
    with pytest.raises(StackError, match="no amqp login 'nobody', only local_admin, reader, writer"):
        stack.amqp_url("nobody")


def test_passwords_are_readable_by_their_owner_only(stack: LocalStack) -> None:
    assert stat.S_IMODE((stack.paths.run / "secrets.json").stat().st_mode) == 0o600


def test_ports_are_not_the_well_known_ones(stack: LocalStack) -> None:
    assert not {stack.rabbitmq.port, stack.postgres.port} & set(WELL_KNOWN_PORTS)


def test_foreign_servers_are_not_even_knocked_at(stack: LocalStack, foreign_servers: list[socket.socket]) -> None:
    for listener in foreign_servers:
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_second_start_returns_at_once_and_starts_nothing(stack: LocalStack) -> None:
    before, began = stack.status(), time.monotonic()
    stack.start_servers(DEFINITIONS, users=["reader"], roles=["inserter"])
    assert time.monotonic() - began < 3  # servers that have to start take longer, on any machine
    assert stack.status() == before


def test_new_definitions_reach_a_running_server(stack: LocalStack) -> None:
    later = {**DEFINITIONS, "queues": [QUEUE, {**QUEUE, "name": "later"}]}
    before = stack.status()
    stack.start_servers(later, users=["reader"])
    with closing(connect(stack, "writer")) as connection:
        connection.channel().queue_declare("later", passive=True)
    assert stack.status() == before


def test_data_and_ports_survive_a_stop_and_nothing_runs_meanwhile(stack: LocalStack) -> None:
    ask(stack, "CREATE TABLE kept AS SELECT 42 AS answer")
    with closing(connect(stack, "writer")) as connection:
        sender = connection.channel()
        sender.confirm_delivery()
        sender.basic_publish("", "kept", b"still here", pika.BasicProperties(delivery_mode=2))
    ports = stack.rabbitmq.port, stack.postgres.port

    stack.stop()
    assert [part.pid for part in stack.status()] == [None, None]
    assert processes_of(stack.paths.root) == []

    stack.start_servers(DEFINITIONS)
    assert (stack.rabbitmq.port, stack.postgres.port) == ports
    assert ask(stack, "SELECT answer FROM kept") == 42
    with closing(connect(stack, "reader")) as connection:
        assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"still here"


def test_killed_servers_are_started_again_with_their_data(stack: LocalStack) -> None:
    ask(stack, "CREATE TABLE committed AS SELECT 7 AS answer")
    killed = [part.pid for part in stack.status()]
    for pid in killed:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    stack.start_servers(DEFINITIONS)  # at once: the killed may still be ending
    assert not set(killed) & {part.pid for part in stack.status()}
    assert ask(stack, "SELECT answer FROM committed") == 7


def test_a_port_taken_meanwhile_is_given_up(stack: LocalStack) -> None:
    taken = stack.postgres.port
    stack.postgres.stop()
    with closing(socket.create_server(("127.0.0.1", taken))):
        stack.postgres.start()
        assert stack.postgres.port != taken
        assert ask(stack, "SELECT 1") == 1


def test_a_service_runs_detached_with_its_environment_until_it_is_stopped(stack: LocalStack, open_folder: Path) -> None:
    (open_folder / "sleeper.py").write_text(
        "import os, sys, time\nprint(os.environ['GREETING'], *sys.argv[1:], flush=True)\ntime.sleep(60)\n"
    )
    service = Service("sleeper", "sleeper", {"GREETING": "ahoy", "PYTHONPATH": str(open_folder)}, ["captain"])
    process = stack.services.start(service)
    assert stack.services.start(service) == process
    assert wait_until(lambda: "ahoy captain" in stack.services.log("sleeper").read_text(), 10)
    assert ("sleeper", process.pid) in [(part.name, part.pid) for part in stack.status()]

    stack.services.stop("sleeper")
    assert stack.services.names() == []
    assert not is_running(process)


def test_a_service_that_ended_by_itself_is_still_listed(stack: LocalStack) -> None:
    stack.services.start(Service("brief", "no_such_module"))
    assert wait_until(lambda: stack.services.process("brief") is None, 10)
    assert ("brief", None) in [(part.name, part.pid) for part in stack.status()]
    stack.services.stop("brief")
    assert "No module named no_such_module" in stack.services.log("brief").read_text()


def test_a_pid_file_of_another_life_is_not_believed(open_folder: Path) -> None:
    file = PidFile(open_folder / "reused.pid")
    file.path.write_text(f"{os.getpid()} another-boot:1\n")
    assert file.running() is None
    file.stop()  # or this would be the end of this test run


@pytest.mark.parametrize(
    ("search", "missing"),
    [
        (SearchPath(rabbitmq=NOWHERE.rabbitmq), "RabbitMQ is not installed; install it with `make setup`"),
        (SearchPath(postgres=NOWHERE.postgres), "PostgreSQL is not installed; install it with `make setup`"),
    ],
)
def test_a_missing_server_is_named_with_the_way_to_get_it(tmp_path: Path, search: SearchPath, missing: str) -> None:
    stack = LocalStack(tmp_path / ".fairway", search=search)
    try:
        with pytest.raises(StackError, match=missing):
            stack.start_servers(DEFINITIONS)
        assert [part.pid for part in stack.status()] == [None, None]
    finally:
        stack.clean()


@needs_root
def test_data_live_outside_when_the_servers_users_cannot_reach_the_folder(open_folder: Path) -> None:
    closed = open_folder / "like-the-home-of-root"
    closed.mkdir(mode=0o700)
    stack = LocalStack(closed / ".fairway")
    try:
        stack.start_servers(DEFINITIONS)
        assert ask(stack, "SELECT 1") == 1
        links = [closed / ".fairway" / name for name in ("rabbitmq", "postgres")]
        places = [link.resolve() for link in links]
        assert all(link.is_symlink() for link in links)
        assert all(place.owner() == name for place, name in zip(places, ("rabbitmq", "postgres"), strict=True))
    finally:
        stack.clean()
    assert not any(place.exists() for place in places)
    assert not (closed / ".fairway").exists()
