"""What must hold for any bytes: nothing raises, every line is accounted for, and every record can be written and read."""

from collections.abc import Sequence

from fairway import records
from fairway.records import Decoded, Raw, Rejected
from services.decoder.decoding import decode_batch
from services.ingest.event_time import EventTimes
from services.ingest.interpreter import Interpreter
from services.ingest.line_format import Moment, Taken, Tally, one_by_one, records_in

RECEIVED_MS = 1_760_000_000_000
LONGEST_DOCUMENT = 1 << 16


def interpreter() -> Interpreter:
    """A new one, as a live feed has it."""
    return Interpreter("fuzz", patience=1000, times=EventTimes(600_000), longest_document=LONGEST_DOCUMENT)


def feed(reader: Interpreter, lines: Sequence[bytes]) -> int:
    """Read lines as one chunk and decode what they hold; the number of records."""
    taken = reader.read(lines, Moment(RECEIVED_MS, reader.tally.lines, "127.0.0.1"))
    check_records(taken)
    return records_in(taken)


def check_whole(data: bytes) -> int:
    """Read `data` as a whole stream and hold its account to the equations; the number of its lines."""
    reader = interpreter()
    lines = data.split(b"\n")
    taken = feed(reader, lines)
    last = reader.finish()
    check_records(last)
    check_account(reader.tally, len(lines), taken + records_in(last))
    return len(lines)


def check_account(tally: Tally, lines: int, taken: int) -> None:
    """Every line is counted once, and every record too."""
    assert tally.lines == lines, (tally, lines)
    assert tally.lines == tally.sentence_lines + tally.data_lines + tally.ignored.total(), tally
    assert tally.records == taken, (tally, taken)
    assert tally.sentences >= tally.incomplete_sentences + tally.repeated_parts, tally


def check_records(taken: Sequence[Taken]) -> None:
    """What was read can be decoded, each to one record, and written and read again."""
    singly = list(one_by_one(taken))
    raws = [record for record in singly if type(record) is Raw]
    decoded, rejected = decode_batch(raws)
    assert len(decoded) + len(rejected) == len(raws)
    decoded += [record for record in singly if isinstance(record, Decoded)]
    rejected += [record for record in singly if type(record) is Rejected]
    assert all(record.reason in records.REASONS for record in rejected)
    assert records.decode_decoded(records.encode(decoded)) == decoded
    assert records.decode_raw(records.encode(raws)) == raws
    records.encode(rejected)
