"""Files as people name them: a file, a folder with all that is in it, or a pattern."""

import glob
from pathlib import Path

from fairway.errors import BadSetting

MAGIC = "*?["


def files_at(address: str) -> list[Path]:
    """The files that `address` means, in order of their names: one as it is, a folder's in all depths, or a pattern's.

    `**` in a pattern is any depth. What exists under a name is meant by it, also when the name looks like a pattern. Hidden
    files are left out of folders. Raises BadSetting when a folder or a pattern has no files; a file need not be there.
    """
    if not address:
        raise BadSetting("no file is named")
    path = Path(address)
    try:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.is_file() and not _is_hidden(each, path))
            what = f"the folder {path} has no files in it"
        elif path.exists() or not any(character in address for character in MAGIC):
            return [path]
        else:
            found = sorted(each for each in map(Path, glob.glob(address, recursive=True)) if each.is_file())
            what = f"no file matches {address}"
    except (OSError, ValueError) as error:
        raise BadSetting(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not found:
        raise BadSetting(what)
    return found


def check_readable(path: Path) -> None:
    """Raises BadSetting when this is not a file, or one that cannot be read."""
    try:
        if not path.exists() or path.is_dir():
            raise BadSetting(f"{path} is not a file")
        if path.is_file():  # opening a pipe would wait for its writer
            path.open("rb").close()
    except OSError as error:  # a name too long, a folder that is closed to us
        raise BadSetting(f"{path} cannot be read: {error.strerror or error}") from None


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
