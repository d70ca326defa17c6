"""Recordings of many years and makers of receivers, every sentence decoded by us and by pyais, and compared.

The recordings lie beside the repository in shared/data; without them this is skipped.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from pathlib import Path

import pyais
import pytest
from pyais.exceptions import AISBaseException

from fairway import records
from fairway.records import Decoded, Raw
from services.decoder.batches import decode_body, decode_rows
from services.decoder.bits import unarmour
from services.decoder.decoding import decode_batch, decode_one
from services.decoder.layouts import BY_CHOICE, BY_TYPE
from services.decoder.payload import Payload, join
from tests.unit.services.decoder.pyais_fields import disagreements

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SENTENCE = re.compile(rb"!([A-Z]{2}VD[MO],(\d),(\d),(\d?),(\w?),[0-W`-w]*,\d)\*([0-9A-Fa-f]{2})")

# What pyais decodes and we do not: noise of satellites
EXPLAINED = {"too_short", "unknown_type", "undecodable", "empty"}


@dataclass
class Comparison:
    """What came out of one folder of recordings."""

    ours: Counter[int] = field(default_factory=Counter)
    theirs: Counter[int] = field(default_factory=Counter)
    rejected: Counter[tuple[int, str]] = field(default_factory=Counter)
    only_ours: list[tuple[str, ...]] = field(default_factory=list)
    differences: list[tuple[tuple[str, ...], list[str]]] = field(default_factory=list)


def recordings(folder: str) -> list[Path]:
    """The files of a folder, or a skip that says what is missing."""
    files = [path for path in sorted((DATA / folder).rglob("*")) if path.is_file()]
    if not files:
        pytest.skip(f"no recordings: {folder} is not in shared/data beside the repository")
    return files


def messages(path: Path) -> Iterator[tuple[str, ...]]:
    """The sentences of each whole message whose checksums match; the same ones are given once."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    waiting: dict[tuple[bytes, ...], list[str]] = {}
    seen: set[tuple[str, ...]] = set()
    for match in SENTENCE.finditer(content):
        body, total, number, sequence, channel, checksum = match.groups()
        if reduce(xor, body, 0) != int(checksum, 16):
            continue
        parts = waiting.setdefault((total, sequence, channel), [])
        parts.append(match[0].decode())
        if number != str(len(parts)).encode() or number == total:
            waiting.pop((total, sequence, channel))
            whole = tuple(parts)
            if number == total and len(parts) == int(total) and whole not in seen:
                seen.add(whole)
                yield whole


def compare(sentences: tuple[str, ...], result: Comparison) -> None:
    """Decode by both and write down what came of it."""
    time = "2026-01-02T03:04:05.000Z"
    ours = decode_one(
        Raw(source="test", event_time=time, received_at=time, time_source="received", sentences=sentences)
    )
    try:
        theirs = pyais.decode(*sentences)
    except AISBaseException:
        if isinstance(ours, Decoded):
            result.only_ours.append(sentences)
        return
    result.theirs[int(theirs.msg_type)] += 1
    if not isinstance(ours, Decoded):
        result.rejected[int(theirs.msg_type), ours.reason] += 1
        return
    result.ours[ours.msg_type] += 1
    payload = join(sentences)
    bits = unarmour(payload.text, payload.fill) if isinstance(payload, Payload) else None
    assert bits is not None
    layout = BY_TYPE.get(ours.msg_type) or BY_CHOICE[ours.msg_type](bits)
    assert layout is not None
    values = {name: getattr(ours, name) for name in ours.__struct_fields__}
    if found := disagreements(values, theirs, layout, bits.length):
        result.differences.append((sentences, found))


@pytest.mark.parametrize("folder", ["raw_nmea", "timestamped"])
def test_agrees_with_pyais_on_every_recorded_message(folder: str) -> None:
    result = Comparison()
    for path in recordings(folder):
        for sentences in messages(path):
            compare(sentences, result)
    print(f"\n{folder}: {result.ours.total()} messages decoded by both; not by us: {dict(result.rejected)}")
    assert result.differences == []
    assert {reason for _, reason in result.rejected} <= EXPLAINED
    left_out = Counter(dict.fromkeys(result.theirs, 0))
    for (msg_type, _), count in result.rejected.items():
        left_out[msg_type] += count
    assert result.ours + left_out == result.theirs
    assert result.ours.total() > 10_000
    assert all(sentences[-1].split(",")[6].startswith("6*") for sentences in result.only_ours)  # a sixth fill bit


def rows(path: Path) -> Iterator[Raw]:
    """Every whole message, and every line with a ! in it as if it were one: most of those are, the others are noise."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    texts = [line[line.find(b"!") :].decode("latin-1") for line in content.splitlines() if b"!" in line]
    time = "2026-01-02T03:04:05.000Z"
    for sentences in (*messages(path), *((text,) for text in texts)):
        yield Raw(source="test", event_time=time, received_at=time, time_source="received", sentences=sentences)


@pytest.mark.parametrize("folder", ["raw_nmea", "timestamped", "conformance"])
def test_decodes_every_recorded_message_in_columns_as_it_does_one_by_one(folder: str) -> None:
    for path in recordings(folder):
        raws = list(rows(path))
        decoded, rejected = decode_batch(raws)
        for made in (decode_rows(raws), decode_body(records.encode(raws))):
            assert made.rejected == rejected, path
            assert records.decode_decoded(made.body) == decoded, path
