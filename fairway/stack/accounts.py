"""The system user that a server runs as: root may run neither RabbitMQ nor PostgreSQL."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fairway.stack.errors import StackError


@dataclass(frozen=True)
class Account:
    """An unprivileged system user."""

    name: str
    uid: int
    gid: int


def server_account(name: str) -> Account | None:
    """The user to become for a server; None means as whoever we are. Raises StackError when root finds no such user."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise StackError(f"There is no system user {name!r} to run the server as; run `make setup` first.") from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def can_enter(account: Account, folder: Path) -> bool:
    """Whether the user reaches the folder; the kernel is asked, so that access lists count too."""
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    asked = subprocess.run(
        command, cwd="/", user=account.uid, group=account.gid, extra_groups=[], capture_output=True, check=False
    )
    return asked.returncode == 0


def give(path: Path, account: Account | None) -> None:
    """Makes the user the owner of a file or folder of ours."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
