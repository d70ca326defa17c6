"""Where an export goes: a file that has its name only when it is whole, or standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fairway.errors import BadSetting, FairwayError

STANDARD_OUTPUT = "-"
PART = ".part"


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """What to write to. A file appears when all went well; until then, and when something fails, what had the name stays.

    Raises BadSetting for a name that cannot be that of a file, FairwayError when it cannot be written.
    """
    if name == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = _path(name)
    part = path.with_name(f"{path.name}.{os.getpid()}{PART}")  # of its own: two may export under one name
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise FairwayError(f"{name} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _path(name: str) -> Path:
    path = Path(name).resolve()  # a link stays a link
    if path.is_dir():
        raise BadSetting(f"{name} is a folder; name a file")
    if path.exists() and not path.is_file():
        raise BadSetting(f"{name} is not a file; give {STANDARD_OUTPUT} to write to standard output")
    if not path.parent.is_dir():
        raise BadSetting(f"there is no folder {Path(name).parent}")
    return path
