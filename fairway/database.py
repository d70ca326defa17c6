"""PostgreSQL: connect, tell an absent database from bad data, bring the schema up to date, make logins.

Whatever is wrong with the database rather than with the data is a DatabaseAway: the caller waits and connects again.
"""

import getpass
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import encrypt_password, parse_dsn
from yoyo import get_backend, read_migrations

from fairway.errors import BadSetting, DatabaseAway

CONNECT_SECONDS = 5
ADDRESS_HINT = (
    "the database's address must look like postgresql://user:password@host:5432/name, "
    "with special characters of the password as %XX"
)
LAST_PORT = 65_535
# Group roles that the schema makes; sql/001_schemas.sql, 016_maintenance.sql and 022_roles.sql say what each may.
ROLES = ("writer", "analyst", "maintainer", "api")
LOGIN_PREFIX = "fairway_"
SQL_FOLDER = "sql"

_KEEPALIVE: dict[str, Any] = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,  # ms; a host that vanished must not delay a stop
}
_SESSION = "-c timezone=UTC -c datestyle=ISO"
# Stricter than libpq and yoyo, which read an @ or / in a password each in their own way and then tell a part of it as the host.
_ADDRESS = re.compile(
    r"""postgres(ql)?://
    ([^:/?#@\[\]\x00-\x1f]*(:[^/?#@\[\]\x00-\x1f]*)?@)?  # user and password
    ([\w.%-]*|\[[\da-fA-F:.%]+\])(:\d+)?  # host and port
    (/[^/?#@\x00-\x20]*)?  # name
    (\?[^#@\x00-\x20]*)?""",
    re.VERBOSE,
)
_MIGRATION_LOCK = 0x46414952  # "FAIR"; any number that other programs do not use

# SQLSTATE classes and codes that tell of the server, not of our data (PostgreSQL manual, appendix A).
_AWAY_CLASSES = {
    "08": "connection",
    "28": "login",
    "3D": "no such database",
    "40": "deadlock or serialization",
    "53": "out of disk or connections",
    "55": "locked",
    "57": "shutdown, restart or cancel",
    "58": "input or output",
}
_AWAY_CODES = {"25006": "read-only standby", "25P03": "idle too long", "42501": "permission"}
# Out of memory, which includes the table of locks: what our own statement asked for. The same again would fail for ever,
# in smaller parts it may go. Class 54, limits of the program, is no different and not away either.
_OURS_CODES = {"53200"}
_OLD_SCHEMA_CODES = {"3F000", "42P01", "42703", "42883", "42704"}  # schema, table, column, function, object is missing
OLD_SCHEMA = "the database schema is missing or older than this program; run `fairway db migrate`"


def check_url(url: str) -> None:
    """Raises BadSetting, which shows no part of it, when this is not an address that PostgreSQL can be looked for at."""
    if not (_ADDRESS.fullmatch(url) and _is_understood(url)):
        raise BadSetting(ADDRESS_HINT)


def _is_understood(url: str) -> bool:
    try:
        ports = parse_dsn(url).get("port", "")
        return all(0 < int(port) <= LAST_PORT for port in ports.split(",") if port)
    except (psycopg2.ProgrammingError, ValueError):  # whose text may quote a part of the password
        return False


def connect(
    url: str,
    name: str = "fairway",
    lock_seconds: int = 0,
    statement_seconds: int | None = 0,
    factory: Callable[..., Connection] | None = None,
) -> Connection:
    """A connection in UTC, made by `factory` if there is one; `name` shows in pg_stat_activity. Raises BadSetting, DatabaseAway.

    A wait for a lock, or a statement, that takes longer than said fails as DatabaseAway; 0 lets it take its time.
    None of statement_seconds leaves statements the limit that the login has.
    """
    check_url(url)
    limits = f"-c lock_timeout={lock_seconds}s"
    if statement_seconds is not None:
        limits += f" -c statement_timeout={statement_seconds}s"
    with database_errors():
        try:
            connection: Connection = psycopg2.connect(
                url,
                connect_timeout=CONNECT_SECONDS,
                application_name=name,
                options=f"{_SESSION} {limits}",
                connection_factory=factory,
                **_KEEPALIVE,
            )
        except psycopg2.ProgrammingError:  # its text may quote the address
            raise BadSetting(ADDRESS_HINT) from None
        return connection


@contextmanager
def database_errors() -> Iterator[None]:
    """Turns an error that tells of the server into DatabaseAway; one that tells of the data or a bug goes through."""
    try:
        yield
    except psycopg2.Error as error:
        reason = _why_away(error)
        if reason is None:
            raise
        raise DatabaseAway(reason) from error


def _why_away(error: psycopg2.Error) -> str | None:
    code = error.pgcode
    if code is None:
        lost = isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError)
        return f"PostgreSQL: {_first_line(error) or 'the connection is lost'}" if lost else None
    if code in _OLD_SCHEMA_CODES:
        return f"{OLD_SCHEMA} ({_first_line(error)})"
    if code in _OURS_CODES:
        return None
    subject = _AWAY_CODES.get(code) or _AWAY_CLASSES.get(code[:2])
    return f"PostgreSQL, {subject}: {_first_line(error)}" if subject else None


def _first_line(error: psycopg2.Error) -> str:
    return str(error).strip().partition("\n")[0]


def client_environment(url: str) -> dict[str, str]:
    """The variables by which PostgreSQL's own programs find a database."""
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path[1:],
    }


def sql_folder() -> Path:
    """Where the schema's files are: beside the package (a checkout), else in the working directory (an image)."""
    beside = Path(__file__).resolve().parent.parent / SQL_FOLDER
    return beside if beside.is_dir() else Path(SQL_FOLDER)


def migrate(url: str, directory: Path | None = None) -> list[str]:
    """Apply what is new in `directory` (default: sql_folder()) in order; the names of the files applied, without suffix.

    Needs an owner's URL, and a superuser's where PostGIS is not yet in the database. Raises BadSetting, DatabaseAway.
    """
    check_url(url)
    folder = directory or sql_folder()
    if not any(folder.glob("*.sql")):
        raise BadSetting(f"there are no .sql files in {folder.resolve()}")
    with closing(connect(url, "fairway migrate")) as guard, database_errors():
        encoding = guard.get_parameter_status("server_encoding")
        if encoding != "UTF8":
            raise BadSetting(f"the database's encoding is {encoding}; make it with CREATE DATABASE … ENCODING 'UTF8'")
        # The server frees this lock when we die; a row in yoyo's own lock table would stay and stop everybody.
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        return _apply(url, folder)


def _apply(url: str, folder: Path) -> list[str]:
    _ensure_user_name()
    backend = get_backend(url)
    try:
        backend.break_lock()  # left by one who died: nobody alive holds it while we hold the advisory lock
        with backend.lock():
            new = backend.to_apply(read_migrations(str(folder)))
            names = [str(migration.id) for migration in new]
            backend.apply_migrations(new)
            return names
    finally:
        backend.connection.close()


def _ensure_user_name() -> None:
    """yoyo notes who migrated, and fails where the system has no name for us, as in a container with a bare number."""
    try:
        getpass.getuser()
    except (KeyError, OSError):
        os.environ["LOGNAME"] = "fairway"


def ensure_logins(owner_url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """A login for each group role given with its password; role → login name, such as writer → fairway_writer."""
    logins = {role: LOGIN_PREFIX + role for role in passwords}
    for role, login in logins.items():
        create_login(owner_url, login, passwords[role], role)
    return logins


def create_login(url: str, name: str, password: str, role: str) -> None:
    """Make, or renew the password of, a login that may what `role` may. Raises BadSetting, DatabaseAway."""
    if role not in ROLES:
        raise BadSetting(f"{role!r} is not a role; the roles are {', '.join(ROLES[:-1])} and {ROLES[-1]}")
    with (
        closing(connect(url, "fairway roles")) as connection,
        database_errors(),
        connection,
        connection.cursor() as cursor,
    ):
        # Hashed here, so that no server log ever holds the password.
        secret = sql.Literal(encrypt_password(password, name, connection, "scram-sha-256"))
        login, group = sql.Identifier(name), sql.Identifier(role)
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, login, secret))
        cursor.execute(sql.SQL("GRANT {} TO {}").format(group, login))
        cursor.execute("SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = %s", [role])
        for (setting,) in cursor.fetchall():  # a group's settings do not reach its members: they are repeated
            key, _, value = setting.partition("=")
            cursor.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(login, sql.Identifier(key), sql.Literal(value)))
        cursor.execute("SELECT connections FROM ops.role_limits WHERE role = %s AND connections IS NOT NULL", [role])
        for (connections,) in cursor.fetchall():
            cursor.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(login, sql.Literal(connections)))
