"""`serial:/dev/ttyUSB0`: a receiver on a serial line or USB; opened again when it is unplugged."""

import errno
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import serial

from fairway.errors import BadSetting
from services.ingest.feeds.reading_again import Patience, read_again
from services.ingest.options import Options, whole_number
from services.ingest.source import Feed, Means, Reading

BAUD = 38_400  # of AIS receivers, with 8 data bits, no parity, 1 stop bit (IEC 61162-2)
CHUNK_BYTES = 1 << 12


@dataclass(frozen=True)
class SerialPort:
    """One device. Some places are quiet, so it may say nothing for ever unless `silence` is asked for."""

    device: str
    baud: int = BAUD
    patience: Patience = field(default_factory=Patience)
    is_live = True
    name = ""

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """Options: baud, silence and retry (seconds). Raises BadSetting."""
        if not address.startswith("/"):
            raise BadSetting(f"serial:{address} is no device: write it as serial:/dev/ttyUSB0?baud=38400")
        return [SerialPort(address, options.take("baud", whole_number(50, 4_000_000), BAUD), Patience.of(options))]

    def read(self, reading: Reading, means: Means) -> None:
        """Read lines until stopped."""
        with means.live_feed(reading) as feed:
            read_again("serial", [_Device(self.device, self.baud)], feed, means.stop, self.patience)


@dataclass(frozen=True)
class _Device:
    path: str
    baud: int

    @contextmanager
    def open(self, stop: Event) -> Iterator["_OpenDevice"]:
        try:
            port = serial.Serial(self.path, self.baud, timeout=0, exclusive=True)
        except serial.SerialException as error:
            raise OSError(error.errno or errno.EIO, reason_of(self.path, error)) from error
        except ValueError as error:
            raise OSError(errno.EINVAL, f"{self.baud} baud is not possible") from error
        with port:
            yield _OpenDevice(port.fileno())

    def __str__(self) -> str:
        return f"serial:{self.path}"


@dataclass(frozen=True)
class _OpenDevice:
    descriptor: int

    def read(self, seconds: float) -> bytes | None:
        waiting = select.poll()
        waiting.register(self.descriptor, select.POLLIN)
        return os.read(self.descriptor, CHUNK_BYTES) if waiting.poll(seconds * 1000) else None


def reason_of(path: str, error: serial.SerialException) -> str:
    """Why a device cannot be opened, and what to do."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{path} may not be opened: let this user into the group that owns it, often dialout"
    if error.errno == errno.ENOENT:
        return f"{path} is not there: unplugged?"
    return f"{path} cannot be opened: {os.strerror(error.errno) if error.errno else error}"
