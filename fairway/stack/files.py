"""Small private files: written whole, readable by one user only."""

import os
import tempfile
from pathlib import Path

from fairway.stack.accounts import Account

LAST_BYTES = 8192  # enough for the lines an error message quotes


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Replaces the file at once with `text`, mode 600, owned by `account` (None: by us).

    A new file takes the old one's place: a link that a server's user may have put there is never followed.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        if account is not None:
            os.fchown(file.fileno(), account.uid, account.gid)
    os.replace(name, path)


def last_lines(path: Path, count: int = 12) -> str:
    """The last lines of a log; empty when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LAST_BYTES))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return "\n".join([line for line in lines if line.strip()][-count:])
