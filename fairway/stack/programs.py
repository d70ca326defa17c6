"""Where the servers' programs are installed."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fairway.stack.errors import StackError

# The RabbitMQ on the PATH of Debian and Ubuntu is a wrapper that insists on being root or `rabbitmq`: never used.
RABBITMQ_FOLDERS = ("/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin")
POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")


@dataclass(frozen=True)
class SearchPath:
    """Folders, as absolute glob patterns, in which the servers are looked for."""

    rabbitmq: tuple[str, ...] = RABBITMQ_FOLDERS
    postgres: tuple[str, ...] = POSTGRES_FOLDERS


def find_rabbitmq(search: SearchPath) -> Path:
    """The folder of `rabbitmq-server` and `rabbitmqctl`. Raises StackError."""
    for folder in _folders(search.rabbitmq):
        if (folder / "rabbitmq-server").exists():
            return folder
    raise StackError("RabbitMQ is not installed; install it with `make setup` or the package rabbitmq-server.")


def find_epmd() -> Path:
    """Erlang's port mapper. Raises StackError."""
    epmd = shutil.which("epmd") or next(iter(Path("/usr/lib/erlang").glob("erts-*/bin/epmd")), None)
    if epmd is None:
        raise StackError("Erlang's epmd is not installed; install it with `make setup` or the package erlang-base.")
    return Path(epmd)


def find_postgres(search: SearchPath, major: str | None = None) -> Path:
    """The folder of `postgres` and `initdb`: the newest with PostGIS, or that of a major version. Raises StackError."""
    folders = [folder for folder in _folders(search.postgres) if (folder / "postgres").exists()]
    if not folders:
        raise StackError("PostgreSQL is not installed; install it with `make setup` or the package postgresql.")
    usable = [folder for folder in folders if _has_postgis(folder)]
    if not usable:
        raise StackError("PostGIS is not installed; install it with `make setup` or the package postgresql-postgis.")
    if major is not None:
        usable = [folder for folder in usable if _major(folder) == major]
    if not usable:
        raise StackError(
            f"The local data need PostgreSQL {major} with PostGIS; install it, or delete the data with `make clean`."
        )
    return max(usable, key=lambda folder: int(_major(folder)))


def _folders(patterns: tuple[str, ...]) -> list[Path]:
    return [found for pattern in patterns for found in sorted(Path("/").glob(pattern.lstrip("/")))]


def _has_postgis(folder: Path) -> bool:
    return (Path(_ask(folder / "pg_config", "--sharedir")) / "extension" / "postgis.control").exists()


def _major(folder: Path) -> str:
    return _ask(folder / "postgres", "--version").split()[2].split(".")[0]


@cache
def _ask(program: Path, option: str) -> str:
    return subprocess.run([program, option], cwd="/", capture_output=True, text=True, check=True).stdout.strip()
