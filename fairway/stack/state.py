"""What the stack must remember between two runs: ports, names and passwords, in flat JSON files."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

from fairway.stack.errors import StackError
from fairway.stack.files import write_private


class StateFile:
    """A flat JSON object of strings on disk, mode 600; safe for the threads of one process that share the value."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()

    def all(self) -> dict[str, str]:
        """Every kept value; nothing when the file does not exist yet."""
        try:
            return dict(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except PermissionError as error:
            raise StackError(f"{self.path} belongs to another user; run this command as that user.") from error

    def get(self, key: str) -> str | None:
        """The kept value, None when there is none."""
        return self.all().get(key)

    def put(self, key: str, value: str) -> None:
        """Keeps a value, in place of an earlier one."""
        with self._lock:
            write_private(self.path, json.dumps({**self.all(), key: value}, indent=1, sort_keys=True) + "\n")

    def keep(self, key: str, make: Callable[[], str]) -> str:
        """The kept value; made, and kept from then on, when there is none."""
        with self._lock:
            value = self.get(key)
            if value is None:
                value = make()
                self.put(key, value)
            return value
