"""The messages that are played: real positions where a recording is at hand, simulated ones elsewhere."""

import gzip
import subprocess
import sys
from pathlib import Path

RECORDING = Path(__file__).parents[2] / "shared" / "data" / "raw_nmea" / "aishub_nmea_sample.log.gz"
POSITION_STARTS = tuple(b"123B")  # first payload character of types 1, 2, 3 and 18


def positions(folder: Path, count: int) -> tuple[Path, str]:
    """A file of `count` position sentences in `folder`, and a sentence saying where they are from."""
    path = folder / f"positions_{count}.nmea"
    if not RECORDING.exists():
        command = [sys.executable, "-m", "simulator", "--to", f"file:{path}", "--count", str(count), "--no-tag-blocks"]
        subprocess.run([*command, "--vessels", "2000", "--quiet"], check=True)
        return path, "simulated traffic of 2,000 vessels"
    lines = [line for line in gzip.decompress(RECORDING.read_bytes()).splitlines(keepends=True) if _is_position(line)]
    rounds = -(-count // len(lines))
    path.write_bytes(b"".join((lines * rounds)[:count]))
    return path, f"real positions of a public recording of three minutes of the world's traffic, played {rounds} times"


def _is_position(line: bytes) -> bool:
    fields = line.split(b",")
    return len(fields) == 7 and fields[1] == b"1" and fields[5][:1] != b"" and fields[5][0] in POSITION_STARTS
