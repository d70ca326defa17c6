"""Random passwords of the local stack's AMQP users and database roles."""

import secrets
from pathlib import Path

from fairway.stack.errors import StackError
from fairway.stack.state import StateFile

ADMINISTRATOR = "local_admin"  # may do everything, in the broker and in the database

BYTES = 18


class Passwords:
    """The kept passwords; the file has mode 600."""

    def __init__(self, path: Path) -> None:
        self._file = StateFile(path)

    def make(self, kind: str, name: str) -> str:
        """The password of an `amqp` user or a `database` role, a new one when there is none yet."""
        return self._file.keep(f"{kind}.{name}", lambda: secrets.token_urlsafe(BYTES))

    def of(self, kind: str, name: str) -> str:
        """The password made before. Raises StackError when there is none."""
        password = self._file.get(f"{kind}.{name}")
        if password is None:
            known = ", ".join(sorted(key.split(".", 1)[1] for key in self._file.all() if key.startswith(f"{kind}.")))
            raise StackError(
                f"The local stack knows no {kind} login {name!r}, only {known or 'none'}; start it with `fairway up`."
            )
        return password
