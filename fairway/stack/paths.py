"""Where the local stack keeps its files: everything is found below one folder, `.fairway/`."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fairway.stack.accounts import Account, can_enter, give
from fairway.stack.errors import StackError

FOLDER = ".fairway"
ENVIRONMENT_VARIABLE = "FAIRWAY_STATE_DIR"
OUTSIDE = Path("/var/lib/fairway")  # for servers whose user cannot reach the state folder


def default_root() -> Path:
    """`FAIRWAY_STATE_DIR`, else `.fairway/` in the project that the current folder belongs to, else in that folder."""
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    here = Path.cwd()
    project = (folder for folder in (here, *here.parents) if (folder / "pyproject.toml").exists())
    return next(project, here) / FOLDER


@dataclass(frozen=True)
class StatePaths:
    """The folders below one state root."""

    root: Path
    outside: Path = OUTSIDE

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def servers(self) -> tuple[Path, ...]:
        """The data folders of the two servers, or the links to them."""
        return self.root / "rabbitmq", self.root / "postgres"

    def log_file(self, name: str) -> Path:
        return self.log / f"{name}.log"

    def key(self) -> str:
        """A short name for this very stack, the same at every start."""
        return sha256(str(self.root.resolve()).encode()).hexdigest()[:12]


def prepare(paths: StatePaths) -> None:
    """Makes the state folders. Raises StackError when they cannot be written or belong to another user."""
    try:
        for folder in (paths.root, paths.log, paths.run):
            # Whatever the umask: the servers' users must pass through. Secrets have mode 600.
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(0o755)
        is_ours = paths.root.stat().st_uid == os.geteuid() and os.access(paths.run, os.W_OK)
    except OSError as error:
        raise StackError(
            f"{paths.root} cannot be made ({error.strerror}); set {ENVIRONMENT_VARIABLE} to another folder."
        ) from error
    if not is_ours:
        raise StackError(f"{paths.root} belongs to another user; run this as that user, or set {ENVIRONMENT_VARIABLE}.")


def server_folder(paths: StatePaths, name: str, account: Account | None) -> Path:
    """The real, existing folder of a server's data, owned by its user and closed to others.

    Root's home is closed to everyone (mode 700) and so to the servers' users; their data then live outside,
    and a link leads there.
    """
    place = paths.root / name
    if place.is_symlink() and not place.exists():  # what it led to has been deleted
        place.unlink()
    if not place.exists():
        if account is None or can_enter(account, paths.root):
            place.mkdir()
        else:
            place.symlink_to(_make_outside(paths, name))
        place.chmod(0o700)
        give(place.resolve(), account)
    return place.resolve()


def _make_outside(paths: StatePaths, name: str) -> Path:
    """A new folder outside the state root.

    One that an earlier stack of this place left behind is not reused, as its passwords are lost.
    """
    attempt = 1
    while True:
        suffix = "" if attempt == 1 else f"-{attempt}"
        folder = paths.outside / (paths.key() + suffix) / name
        if not folder.exists():
            break
        attempt += 1
    folder.mkdir(parents=True)
    for parent in (folder.parent, paths.outside):
        parent.chmod(0o755)
    return folder


def wipe(paths: StatePaths) -> None:
    """Deletes the state, also where links lead; a root of another name than `.fairway` keeps what is not its own."""
    for place in paths.servers:
        if place.is_symlink():
            _wipe_outside(place.resolve())
            place.unlink()
    own = [paths.root] if paths.root.name == FOLDER else [paths.log, paths.run, *paths.servers]
    for folder in own:
        if folder.exists():
            shutil.rmtree(folder)
    _remove_if_empty(paths.root)


def _wipe_outside(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _remove_if_empty(folder.parent)
    _remove_if_empty(folder.parent.parent)


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
