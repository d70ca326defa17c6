"""Lines of every kind for the tests of files, and what stands in for the broker's side of a reading."""

import json
import random
import tarfile
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

from fairway.messages import Message
from fairway.settings import IngestSettings, read
from services.ingest.imports import END, Progress
from services.ingest.nmea import checksum
from services.ingest.source import Means, Reading
from services.ingest.sources import parse

SINGLE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
PARTS = (
    "AIVDM,2,1,{0},B,53Fted42?II@D5=:2204h8Ub2222222222222216:`?1>5D80B0hDh@S0CPh,0",
    "AIVDM,2,2,{0},B,H8888888880,2",
)
HEADER = b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo"
ROW = b"%d,2017-12-01T00:00:03,36.90512,-76.32652,0.0,131.0,352.0,FIRST,IMO9739666,VRPJ6,70,5,337,,,"


def sentence(body: str) -> bytes:
    """With its checksum."""
    return f"!{body}*{checksum(body.encode()):02X}".encode()


def tagged(line: bytes, text: str) -> bytes:
    """Behind a tag block."""
    return f"\\{text}*{checksum(text.encode()):02X}\\".encode() + line


def numbered(count: int, start: int = 0) -> bytes:
    """Lines that differ in their time."""
    return b"".join(tagged(SINGLE, f"c:{1_671_533_231 + number}") + b"\r\n" for number in range(start, start + count))


def mixed(count: int, seed: int) -> bytes:
    """Lines of many kinds, some messages far apart in their parts."""
    chance = random.Random(seed)
    waiting: list[bytes] = []
    lines: list[bytes] = []
    while len(lines) < count:
        kind = chance.randrange(9)
        epoch = 1_671_533_231 + len(lines)
        if kind <= 2:
            lines.append(tagged(SINGLE, f"s:st{chance.randrange(3)},c:{epoch}"))
        elif kind == 3:
            number = chance.randrange(10)
            lines.append(sentence(PARTS[0].format(number)))
            waiting.append(sentence(PARTS[1].format(number)))
        elif kind == 4 and waiting:
            lines.append(waiting.pop(chance.randrange(len(waiting))))
        elif kind == 5:
            lines += [HEADER, *(ROW % (477_307_900 + chance.randrange(3)) for _ in range(chance.randrange(12)))]
        elif kind == 6:
            lines.append(json.dumps({"timestamp": epoch, "nmea": SINGLE.decode()}).encode())
        elif kind == 7:
            lines += [b"{", b' "timestamp": %d,' % epoch, b' "nmea": "%s"' % SINGLE, b"}"]
        else:
            lines.append(chance.choice((b"", b"# comment", b"junk", SINGLE[:20], b"\\s:alone*00\\")))
    return b"\n".join(lines) + (b"" if seed % 2 else b"\n")


def tar(members: dict[str, bytes], mode: str = "w") -> bytes:
    """An archive of these files."""
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
    return buffer.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class Killed(BaseException):
    """The process ends here: nobody may catch it."""


class Box:
    """An outbox and a broker that confirms what came `lag` messages before. Dies when it is given its `dies_at`th message."""

    def __init__(self, progress: Progress, dies_at: int | None = None, lag: int = 0) -> None:
        self.taken: list[Message] = []
        self._progress, self._dies_at, self._lag = progress, dies_at, lag
        self._confirmed = 0

    def put(self, message: Message, **_how: bool) -> bool:
        if self._dies_at is not None and len(self.taken) >= self._dies_at:
            raise Killed
        self.taken.append(message)
        self.confirm_up_to(len(self.taken) - self._lag)
        return True

    def confirm_up_to(self, count: int) -> None:
        while self._confirmed < count:
            self._progress.confirm(self.taken[self._confirmed])
            self._confirmed += 1

    def confirm_all(self) -> None:
        self.confirm_up_to(len(self.taken))


class Reader:
    """Readings of one source, one process after the other, with one state folder."""

    def __init__(self, folder: Path, source: str, batch_records: int = 5, **settings: Any) -> None:
        self._folder = folder
        [self.source] = parse(source)
        self.settings: IngestSettings = read(
            IngestSettings, {}, state_dir=folder, batch_records=batch_records, **settings
        )
        self.stop = Event()

    def run(self, dies_at: int | None = None, lag: int = 0, **means: Any) -> tuple[list[Message], Reading]:
        """What was published until the end of the file, or until it died; and the reading."""
        progress = Progress(self._folder / "imports.sqlite")
        box = Box(progress, dies_at, lag)
        reading = Reading(self.source)
        try:
            self.source.feed.read(reading, Means(self.settings, box, progress, self.stop, **means))  # type: ignore[arg-type]
            box.confirm_all()
        except Killed:
            pass
        finally:
            progress.close()
        return box.taken, reading


def contents(messages: Iterable[Message]) -> dict[str, list[Any]]:
    """The records in each message, by its id, without times that differ from reading to reading."""
    return {message.id: _records(message) for message in messages}


def _records(message: Message) -> list[Any]:
    found = [json.loads(line) for line in message.body.splitlines()]
    for record in found:
        if record.get("time_source") == "received":
            del record["event_time"]
        record.pop("received_at", None)
        if message.id.endswith(END):
            record.pop("published_at")
    return found
