"""The messages that are played: real ones where a recording is at hand, simulated ones elsewhere."""

import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import recording

MOST_SIMULATED = 100_000  # messages, of which the positions are played again and again
POSITION_STARTS = tuple(b"123B")  # first payload character of types 1, 2, 3 and 18


@dataclass(frozen=True)
class Traffic:
    """A file of sentences, the messages in it, and where they are from."""

    file: Path
    messages: int
    origin: str


def positions(folder: Path, count: int) -> Traffic:
    """`count` position reports as bare sentences, again and again the same ones when there are not enough."""
    path = folder / f"positions_{count}.nmea"
    sentences, origin = recording.lines(), "a public recording of three minutes of the world's traffic"
    if not sentences:
        made = _simulated(path, min(count, MOST_SIMULATED), "--no-tag-blocks")
        sentences, origin = path.read_bytes().splitlines(keepends=True), made.origin
    lines = [line for line in sentences if _is_position(line)]
    repeats = -(-count // len(lines))
    path.write_bytes(b"".join((lines * repeats)[:count]))
    return Traffic(path, count, f"positions of {origin}, played {repeats} times")


def mix(folder: Path, count: int) -> Traffic:
    """About `count` messages of all types, with tag blocks; nothing repeats and every vessel goes on where it was."""
    path = folder / f"mix_{count}.nmea"
    sentences = recording.lines()
    if not sentences:
        return _simulated(path, count)
    messages = sum(map(_is_first_part, sentences))
    wanted = -(-count // messages)
    if wanted > recording.MOST_ROUNDS:
        wanted = recording.MOST_ROUNDS
    with path.open("wb") as file:
        file.writelines(islice(recording.rounds(sentences), wanted))
    return Traffic(path, messages * wanted, f"a public recording of the world's traffic, {wanted} times three minutes")


def real_lines(folder: Path, count: int) -> Traffic:
    """Up to `count` bare lines in the mix of a real feed, each once."""
    path = folder / f"lines_{count}.nmea"
    sentences = recording.lines()[:count]
    if not sentences:
        return _simulated(path, count, "--no-tag-blocks")
    path.write_bytes(b"".join(sentences))
    return Traffic(path, sum(map(_is_first_part, sentences)), "a public recording of the world's traffic, all types")


def _simulated(path: Path, count: int, *options: str) -> Traffic:
    command = [sys.executable, "-m", "simulator", "--to", f"file:{path}", "--count", str(count), "--vessels", "2000"]
    subprocess.run([*command, "--quiet", *options], check=True)
    return Traffic(path, count, "simulated traffic of 2,000 vessels")


def _is_first_part(line: bytes) -> bool:
    return line.split(b",", 3)[2] == b"1"


def _is_position(line: bytes) -> bool:
    fields = line.split(b",")
    return len(fields) == 7 and fields[1] == b"1" and fields[5][:1] != b"" and fields[5][0] in POSITION_STARTS
