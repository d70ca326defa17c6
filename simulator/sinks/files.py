"""Writes sentences to a file, compressed if its name ends in .gz, or to standard output."""

import gzip
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

from simulator.errors import BadOption, HearerLeft, Unreachable
from simulator.sinks.sink import lines_of
from simulator.stopping import Stop

GZIP_LEVEL = 4  # below the default of 9: pretend traffic is made often and kept briefly


class FileSink:
    """Lines one after the other; the same lines give the same bytes, compressed or not."""

    def __init__(self, file: BinaryIO, beneath: BinaryIO | None = None) -> None:
        self._file = file
        self._beneath = beneath  # a compressed file does not close the one it writes to

    def wait_until_ready(self, stop: Stop) -> None:
        pass

    def send(self, sentences: Sequence[bytes]) -> None:
        try:
            self._file.write(lines_of(sentences))
        except OSError as error:
            raise _cannot_write(error) from error

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            raise _cannot_write(error) from error

    def close(self) -> None:
        try:
            self._file.close()
            if self._beneath is not None:
                self._beneath.close()
        except OSError as error:
            raise _cannot_write(error) from error


def to_file(path: Path) -> FileSink:
    """Overwrites `path`."""
    try:
        file = path.open("wb")
    except OSError as error:
        raise BadOption(f"cannot write to {str(path)!r}: {error.strerror}.") from error
    if path.suffix != ".gz":
        return FileSink(file)
    # Neither name nor time in the header, so that the same traffic gives the same file.
    return FileSink(cast(BinaryIO, gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0)), file)


def to_standard_output() -> FileSink:
    """Standard output, through a buffer of our own, so that a reader that left troubles nobody at exit."""
    return FileSink(open(sys.stdout.fileno(), "wb", closefd=False))


def _cannot_write(error: OSError) -> Unreachable:
    if isinstance(error, BrokenPipeError):
        return HearerLeft("the reader of standard output left.")
    return Unreachable(f"cannot write any more: {error.strerror}.")
