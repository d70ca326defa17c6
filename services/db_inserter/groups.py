"""What a group of messages holds: batches of records, imports, and what is not ours to store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np

from fairway import clock, topics
from fairway.messages import Message
from fairway.records import AnyDecoded, Position
from services.db_inserter import imports, position_lines, position_rows
from services.db_inserter.imports import Imported
from services.db_inserter.position_rows import Positions
from services.db_inserter.rows import may_say_null
from services.db_inserter.words import MICROSECONDS_A_DAY

IMPORTS = "event.import.#"
RECORDS = f"{topics.Stage.FILTERED}.ais.#"
# Some thousand lines are read together: enough that a step costs little a line, few enough for a processor's cache.
BYTES_AT_ONCE = 500_000
NO_TIME = -(1 << 62)

_decoder = msgspec.json.Decoder(AnyDecoded)


class ForeignBody(ValueError):
    """A message that the inserter has no place for: an unknown kind of event, or times that are not in our form."""


@dataclass(frozen=True)
class Batch:
    """The records of one message under the id that the ledger knows it by.

    `records` are those that had to be made: all but the usual positions, which the group has as rows.
    """

    id: str
    message: Message
    records: list[AnyDecoded]
    stored: int = 0  # records, rows included
    newest: int = NO_TIME  # event_time of the newest, microseconds since 1970
    careful: bool = False  # a text of `records` may be the null marker; see rows.py


@dataclass(frozen=True)
class Group:
    """Everything to be written in one transaction. `positions` say the number of their batch."""

    batches: list[Batch]
    imports: list[Imported]
    positions: Positions


def open_group(messages: Sequence[Message]) -> Group:
    """Decode a group. Raises ForeignBody, BadValue, or msgspec.MsgspecError, before anything has touched the database."""
    for message in messages:
        if not is_ours(message.key):
            raise ForeignBody(f"there is no place for messages with the key {message.key!r}")
    ours = [message for message in messages if topics.matches(RECORDS, message.key)]
    usual, made, careful = _read(ours)
    odd = [(record, number) for number, some in enumerate(made) for record in some if type(record) is Position]
    batches = [
        Batch(message.id, message, some, count + len(some), newest, number in careful)
        for number, (message, some, (count, newest)) in enumerate(zip(ours, made, _told(usual, made), strict=True))
    ]
    events = [imports.decode(message.body) for message in messages if topics.matches(IMPORTS, message.key)]
    return Group(batches, events, position_rows.join([usual, position_rows.of_records(odd)]))


def is_ours(key: str) -> bool:
    """Whether messages with this routing key have a place in the database."""
    return topics.matches(RECORDS, key) or topics.matches(IMPORTS, key)


def days(positions: Positions) -> set[str]:
    """The days, YYYY-MM-DD, for which positions need a partition."""
    numbers = np.unique(positions.rows["event_time"] // MICROSECONDS_A_DAY).tolist()
    return {datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d") for day in numbers}


def _read(messages: Sequence[Message]) -> tuple[Positions, list[list[AnyDecoded]], set[int]]:
    """The usual positions of all messages; for each message the records that all its other lines are; and the numbers of the
    messages of which these need care."""
    made: list[list[AnyDecoded]] = [[] for _ in messages]
    careful: set[int] = set()
    parts = []
    for numbers, pieces in _together(messages):
        read = position_lines.read(*pieces)
        ends = np.cumsum([len(piece) for piece in pieces])
        batch = np.array(numbers, dtype=np.int32)[np.searchsorted(ends, read.lines.start, side="right")]
        parts.append(Positions(read.positions.rows, read.positions.labels, batch[read.chosen]))
        for line in read.left.tolist():
            if text := read.lines.text(line).strip():
                made[batch[line]].append(_decoder.decode(text))
                if may_say_null(text):
                    careful.add(int(batch[line]))
    _check_times([record for some in made for record in some])
    return position_rows.join(parts), made, careful


def _together(messages: Sequence[Message]) -> Iterator[tuple[list[int], list[bytes]]]:
    """Pieces of bodies that are to be read together, with the number of each one's message."""
    numbers: list[int] = []
    pieces: list[bytes] = []
    size = 0
    for number, message in enumerate(messages):
        for piece in _pieces(message.body):
            numbers.append(number)
            pieces.append(piece)
            size += len(piece)
            if size >= BYTES_AT_ONCE:
                yield numbers, pieces
                numbers, pieces, size = [], [], 0
    if pieces:
        yield numbers, pieces


def _pieces(body: bytes) -> Iterator[bytes]:
    """A body in pieces of about BYTES_AT_ONCE, each ending with a line."""
    start = 0
    while start < len(body):
        end = body.find(b"\n", start + BYTES_AT_ONCE) + 1 or len(body)
        piece = body[start:end]
        yield piece if piece.endswith(b"\n") else piece + b"\n"
        start = end


def _told(usual: Positions, made: Sequence[list[AnyDecoded]]) -> list[tuple[int, int]]:
    """For each message: how many usual positions it has, and the newest event_time of all its records."""
    counts = np.bincount(usual.batch, minlength=len(made)).tolist()
    newest = [max((clock.to_ms(r.event_time) * 1000 for r in some), default=NO_TIME) for some in made]
    if len(usual):
        batches, first = np.unique(usual.batch, return_index=True)
        times = np.maximum.reduceat(usual.rows["event_time"], first)
        for number, time in zip(batches.tolist(), times.tolist(), strict=True):
            newest[number] = max(newest[number], time)
    return list(zip(counts, newest, strict=True))


def _check_times(decoded: list[AnyDecoded]) -> None:
    """Times of the fixed form sort as text, which merging and partitions rely on."""
    for text in {time for record in decoded for time in (record.event_time, record.received_at)}:
        try:
            sound = text[10:11] == "T" and clock.to_text(clock.to_ms(text)) == text
        except ValueError:
            sound = False
        if not sound:
            raise ForeignBody(f"{text} is not a time of the form {clock.FORM}")
