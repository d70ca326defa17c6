"""From a path to records, a slice of lines at a time, and the points between slices from which another reading can go on.

    gz, zip, tar … ──► streams of lines ──► slices ──► Interpreter ──► records
                                              └──► now and then a Checkpoint

Where slices end, and at which of them the formats forget what they keep for economy, follows from the content alone: every
reading, also one that goes on in the middle, gives the same records in the same slices.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from fairway import clock
from fairway.errors import BadSetting
from services.ingest.content.flow import Damaged, FileFlow, Flow, open_file
from services.ingest.content.opening import PARQUET, streams
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.parquet import FORGET_ROWS, ParquetTable
from services.ingest.interpreter import Interpreter
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.line_splitter import LineSplitter, slices

LONGEST_DOCUMENT = 64 << 20  # bytes of a JSON document, or of a line
PATIENCE_LINES = (
    20_000  # how many lines a part of a message waits for the others: half a minute of a loud national feed
)
SLICE_LINES = 1000
CHECKPOINT_SLICES = 100  # at most; slices of very many lines have more checkpoints
CHECKPOINT_LINES = 100_000  # about a second of reading


class DamagedFile(BadSetting):
    """What could be read of the file was given; there should be more."""


class Checkpoint(msgspec.Struct, frozen=True):
    """Where a reading stands between two slices."""

    stream: int  # the number of the stream in an archive, from 0
    offset: int  # bytes of it that were read, uncompressed; of a Parquet table, rows
    slices: int  # in all
    tally: dict[str, Any]
    state: Any = None  # of the interpreter
    damage: str | None = None  # of a stream before it

    def to_text(self) -> str:
        """As JSON."""
        return msgspec.json.encode(self).decode()


def checkpoint_from(text: str) -> Checkpoint | None:
    """The checkpoint that `to_text` wrote; None when it is of another release and cannot be used."""
    try:
        return msgspec.json.decode(text, type=Checkpoint)
    except msgspec.MsgspecError:
        return None


class FileReader:
    """Iterating gives the records of slice after slice; after each, `checkpoint` may have a point to go on from.

    `slice_lines` and `with_checkpoints` must be the same in all readings that go on from each other.
    """

    def __init__(
        self,
        path: Path | None,
        source: str,
        *,
        times: EventTimes,
        mapping: Mapping | None = None,
        slice_lines: int = SLICE_LINES,
        with_checkpoints: bool = True,
        start: Checkpoint | None = None,
        read_bytes: Callable[[int], None] = lambda count: None,
        flow: Flow | None = None,
    ) -> None:
        self.tally = tally_from(start.tally) if start else Tally()
        self._path, self._source, self._times, self._mapping = path, source, times, mapping
        self._slice_lines = slice_lines
        self._every = max(1, min(CHECKPOINT_SLICES, CHECKPOINT_LINES // slice_lines)) if with_checkpoints else None
        self._start = start
        self._slices = start.slices if start else 0
        self._read_bytes = read_bytes
        self._flow = flow
        self._checkpoint: Checkpoint | None = None
        self._damage: str | None = None  # of streams that were read

    def checkpoint(self) -> Checkpoint | None:
        """The point right after the slice that was given last, when it is one to go on from."""
        return self._checkpoint

    def __iter__(self) -> Iterator[list[Taken]]:
        """Raises BadSetting when the file cannot be read, or is damaged; then after all that could be read of it."""
        try:
            if self._flow is not None:
                yield from self._read(self._flow)
                return
            assert self._path is not None
            flow = open_file(self._path, self._read_bytes)
            with flow.file:
                yield from self._read(flow)
        except Damaged as error:
            raise DamagedFile(f"{self.name} is damaged or cut short: {error}") from None
        except OSError as error:
            raise BadSetting(f"{self.name} cannot be read: {error.strerror or error}") from None

    @property
    def name(self) -> str:
        """What to call it in a message to a person."""
        return str(self._path) if self._path is not None else "standard input"

    def _read(self, flow: Flow) -> Iterator[list[Taken]]:
        is_file = self._path is not None and isinstance(flow, FileFlow) and flow.file.seekable()
        if is_file and flow.peek(len(PARQUET)) == PARQUET:
            yield from self._table()
            return
        self._damage = self._start.damage if self._start is not None else None
        for number, stream in enumerate(streams(flow)):
            if self._start is not None and number < self._start.stream:
                continue
            try:
                yield from self._stream(number, stream.flow)
            except Damaged as error:  # the other files of an archive may be sound
                self._damage = self._damage or str(error)
        if self._damage:
            raise Damaged(self._damage)

    def _stream(self, number: int, flow: Flow) -> Iterator[list[Taken]]:
        interpreter = Interpreter(
            self._source,
            patience=PATIENCE_LINES,
            times=self._times,
            longest_document=LONGEST_DOCUMENT,
            mapping=self._mapping,
            tally=self.tally,
        )
        offset = 0
        if self._start is not None and number == self._start.stream:
            interpreter.restore(self._start.state)
            offset = self._start.offset
            flow.skip(offset)
        splitter = LineSplitter(LONGEST_DOCUMENT)
        damage: Damaged | None = None
        try:
            for one in slices(_lines(flow, splitter), self._slice_lines):
                taken = interpreter.read(one.lines, self._moment())
                offset += one.bytes
                self._slices += 1
                self._note(number, offset, interpreter, splitter)
                yield taken
        except Damaged as error:
            damage = error
        self._checkpoint = None
        yield interpreter.finish()
        if damage:
            raise damage

    def _note(self, number: int, offset: int, interpreter: Interpreter, splitter: LineSplitter) -> None:
        """Make a checkpoint when it is time. The interpreter forgets then, whether or not there can be a checkpoint."""
        self._checkpoint = None
        if self._every is None or self._slices % self._every:
            return
        state = interpreter.checkpoint()
        if not splitter.has_cut:  # else offsets are not known
            tally = values_of(self.tally)
            self._checkpoint = Checkpoint(number, offset, self._slices, tally, state, self._damage)

    def _table(self) -> Iterator[list[Taken]]:
        assert self._path is not None
        table = ParquetTable(self._path, self._source, self._times, self.tally, self._mapping)
        start = self._start.offset if self._start is not None else 0
        lines_before = self.tally.lines - start
        for taken in table.batches(self._moment(), start):
            row = self.tally.lines - lines_before
            self._slices += 1
            self._checkpoint = None
            if self._every is not None and row % FORGET_ROWS == 0:
                self._checkpoint = Checkpoint(0, row, self._slices, values_of(self.tally))
            yield taken
        self._read_bytes(self._path.stat().st_size)

    def _moment(self) -> Moment:
        return Moment(clock.now_ms(), self.tally.lines)


def values_of(tally: Tally) -> dict[str, Any]:
    """What JSON can hold; dataclasses.asdict of Python 3.11 cannot copy a Counter."""
    return {**vars(tally), "ignored": dict(tally.ignored), "rejected": dict(tally.rejected)}


def tally_from(values: dict[str, Any]) -> Tally:
    """The tally that gave `values`, also when they have been JSON in the meantime; what is not known here is left out."""
    known: dict[str, Any] = {field.name: values[field.name] for field in fields(Tally) if field.name in values}
    known |= {name: Counter(value) for name, value in known.items() if isinstance(value, dict)}
    return Tally(**known)


def _lines(flow: Flow, splitter: LineSplitter) -> Iterator[list[bytes]]:
    for piece in flow:
        yield splitter.split(piece)
    yield splitter.finish()
