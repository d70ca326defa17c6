"""What a group of messages holds: batches of records as rows, imports, copies heard, and what is not ours to store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import msgspec
import numpy as np

from fairway import heard as heard_copies
from fairway import topics
from fairway.columns import Labels, Misfit, Read, Reader, Rows, Texts, rows_of
from fairway.messages import Message
from fairway.records import AnyDecoded, Decoded, Position, Static
from services.db_inserter import heard, imports, positions, static_reports
from services.db_inserter.imports import Imported
from services.db_inserter.positions import Keys
from services.db_inserter.static_data import EXTENDED_CLASS_B, static_data
from services.db_inserter.tables import TABLES, shape_of
from services.db_inserter.texts import without_nul

IMPORTS = topics.event_key("import", "#")
HEARD = topics.event_key(heard_copies.KIND, "#")
RECORDS = f"{topics.Stage.FILTERED}.ais.#"
RECORDS_AT_ONCE = 2000  # made one by one before they become rows: an object has ten times the size of a row
NO_TIME = -(1 << 62)

KINDS: tuple[type[Decoded], ...] = (Position, Static, *TABLES)
_READER = Reader(positions.SHAPE, static_reports.SHAPE, *map(shape_of, TABLES))
_POSITION = KINDS.index(Position)
_decoder = msgspec.json.Decoder(AnyDecoded)


class ForeignBody(ValueError):
    """A message that the inserter has no place for: an unknown kind of event, or a value that no column can hold."""


@dataclass(frozen=True)
class Batch:
    """One message with records or copies heard, and the id that the ledger knows it by."""

    id: str
    message: Message
    stored: int = 0  # records
    newest: int = NO_TIME  # event_time of the newest, microseconds since 1970


@dataclass(frozen=True)
class Group:
    """Everything to be written in one transaction.

    Rows are by kind; each says the place of its batch, and its texts by their numbers in `texts`. Positions, whose keys are
    `keys`, say the place of their label in `labels`. `static_of_positions` are rows of what positions say of who a ship is,
    `heard` of who heard what besides. `copied` is how many records there were that are stored under another tail.
    """

    batches: list[Batch]
    imports: list[Imported]
    rows: Mapping[type[Decoded], Rows]
    keys: Keys
    static_of_positions: Rows
    labels: Labels
    texts: Texts
    heard: Rows
    copied: int


def open_group(messages: Sequence[Message]) -> Group:
    """Read a group. Raises ForeignBody or msgspec.MsgspecError, before anything has touched the database."""
    for message in messages:
        if not is_ours(message.key):
            raise ForeignBody(f"there is no place for messages with the key {message.key!r}")
    of_records = [message for message in messages if topics.matches(RECORDS, message.key)]
    ours = [message for message in of_records if not message.is_copy]
    read = _READER.read([message.body for message in ours])
    try:
        static_of_positions = _rows_of(_take_in_what_is_left(read), read)
    except Misfit as error:
        raise ForeignBody(str(error)) from error
    rows = dict(zip(KINDS, read.rows, strict=True))
    keys = positions.keys_of(rows[Position])
    positions.empty_halves(rows[Position], keys)
    batches = list(_batches(ours, [keys, *(some for kind, some in rows.items() if kind is not Position)]))
    events = [imports.decode(message.body) for message in messages if topics.matches(IMPORTS, message.key)]
    of_heard = [message for message in messages if topics.matches(HEARD, message.key)]
    heard_rows = _heard(of_heard, len(batches), read.texts)
    batches += [Batch(message.id, message) for message in of_heard]
    copied = sum(message.records for message in of_records if message.is_copy)
    labels = read.labels[_POSITION]
    return Group(batches, events, rows, keys, static_of_positions, labels, read.texts, heard_rows, copied)


def is_ours(key: str) -> bool:
    """Whether messages with this routing key have a place in the database."""
    return any(topics.matches(binding, key) for binding in (RECORDS, IMPORTS, HEARD))


def days(group: Group) -> set[str]:
    """The days, YYYY-MM-DD, for which positions need a partition."""
    return {datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d") for day in positions.days(group.keys)}


def _heard(messages: Sequence[Message], first: int, texts: Texts) -> Rows:
    """The copies heard that these messages, which are the batches from `first` on, tell of."""
    told = [heard_copies.decode(message.body) for message in messages]
    try:
        rows = heard.rows_of([copy for copies in told for copy in copies], texts)
    except (ValueError, OverflowError) as error:
        raise ForeignBody(str(error)) from error
    rows["batch"] = np.repeat(np.arange(first, first + len(told)), [len(copies) for copies in told])
    return rows


def _take_in_what_is_left(read: Read) -> list[tuple[Static, int]]:
    """The other lines become records, and these rows. What positions say of who a ship is, with the numbers of their lines.

    Raises Misfit and msgspec.MsgspecError.
    """
    said = list(_said_by(_usual_type_19(read)))
    left = (number for number in read.left() if read.line(number).strip())
    while numbers := list(islice(left, RECORDS_AT_ONCE)):
        records = [_record(read, number) for number in numbers]
        read.take_in(numbers, records)
        said += _said_by(zip(numbers, records, strict=True))
    return said


def _usual_type_19(read: Read) -> Iterator[tuple[int, AnyDecoded]]:
    """Those that were read and say nothing of who the ship is, which counts all the same; with the numbers of their lines."""
    rows = np.flatnonzero(read.rows[_POSITION]["msg_type"] == EXTENDED_CLASS_B)
    if len(rows):
        of_positions = np.flatnonzero((read.lines["kind"] == _POSITION) & (read.lines["row"] >= 0))
        yield from ((number, _record(read, number)) for number in of_positions[rows].tolist())


def _record(read: Read, number: int) -> AnyDecoded:
    line = read.line(number).strip()
    record: AnyDecoded = _decoder.decode(line)
    return without_nul(record, line)


def _said_by(numbered: Iterable[tuple[int, AnyDecoded]]) -> Iterator[tuple[Static, int]]:
    for number, record in numbered:
        if type(record) is Position:
            yield from ((said, number) for said in static_data([record]))


def _rows_of(said: Sequence[tuple[Static, int]], read: Read) -> Rows:
    rows = rows_of(static_reports.SHAPE, [report for report, _ in said], read.texts, read.labels[KINDS.index(Static)])
    rows["line"] = [number for _, number in said]
    rows["batch"] = read.lines["body"][rows["line"]]
    return rows


def _batches(messages: Sequence[Message], sources: Iterable[Keys | Rows]) -> Iterator[Batch]:
    """The messages with how many records each has, and the newest event_time of them."""
    stored, newest = np.zeros(len(messages), np.int64), np.full(len(messages), NO_TIME)
    for source in sources:
        batch, time = source["batch"], source["event_time"]
        first = np.flatnonzero(np.diff(batch, prepend=-1))  # records of a batch are beside each other, mostly
        if len(first):
            np.add.at(stored, batch[first], np.diff(np.append(first, len(batch))))
            np.maximum.at(newest, batch[first], np.maximum.reduceat(time, first))
    for message, count, latest in zip(messages, stored.tolist(), newest.tolist(), strict=True):
        yield Batch(message.id, message, count, latest)
