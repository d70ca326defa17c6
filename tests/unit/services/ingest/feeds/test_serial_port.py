"""A receiver on a serial line: a pseudo terminal plays the device."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import serial

from fairway.errors import BadSetting
from services.ingest.feeds.serial_port import reason_of
from services.ingest.sources import parse

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"


def test_reads_lines_and_opens_the_device_again_when_it_comes_back(
    ingest: Callable[..., Any], until: Callable[..., bool], tmp_path: Path
) -> None:
    device = tmp_path / "ttyUSB0"
    run = ingest(f"a=serial:{device}?retry=0.01")
    for count in (1, 2):
        ours, theirs = os.openpty()
        device.symlink_to(os.ttyname(theirs))
        os.close(theirs)
        assert until(lambda count=count, ours=ours: _write(ours) and len(run.raw) >= count)
        os.close(ours)
        device.unlink()


def _write(device: int) -> bool:
    """A line, once the other side is open; before, a terminal throws it away."""
    try:
        return os.write(device, LINE + b"\r\n") > 0
    except OSError:
        return True


def test_a_missing_device_is_told_of_and_waited_for(
    ingest: Callable[..., Any], until: Callable[..., bool], tmp_path: Path, logs: list[dict[str, object]]
) -> None:
    run = ingest(f"a=serial:{tmp_path}/ttyUSB0?retry=0.01")
    assert until(lambda: any(str(entry.get("error")).endswith("is not there: unplugged?") for entry in logs))
    assert run.stop() < 1.5


def test_a_forbidden_device_says_what_to_do() -> None:
    forbidden = serial.SerialException(errno.EACCES, "[Errno 13] could not open port")
    assert "let this user into the group that owns it" in reason_of("/dev/ttyUSB0", forbidden)


def test_what_is_no_device_is_refused() -> None:
    with pytest.raises(BadSetting, match="write it as serial:/dev/ttyUSB0"):
        parse("a=serial:COM3")
    with pytest.raises(BadSetting, match="baud"):
        parse("a=serial:/dev/ttyUSB0?baud=fast")
