"""Coverage-guided fuzzing with atheris: `make fuzz`, or `python -m tests.fuzz.guided CORPUS -max_total_time=600`."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["services", "fairway"]):
    from tests.fuzz import target

from tests.fuzz import seeds

LINES_A_SEED = 6
_lines = 0


def one_input(data: bytes) -> None:
    """Any bytes are a stream of lines."""
    global _lines
    _lines += target.check_whole(data)


def _write_seeds(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = seeds.lines(60)
    for start in range(0, len(lines), LINES_A_SEED):
        (folder / f"seed-{start:04d}").write_bytes(b"\n".join(lines[start : start + LINES_A_SEED]))


def main() -> None:
    """Fuzzes until the limit that libFuzzer's options give; says how many lines that were."""
    folder = next((Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")), None)
    if folder is not None:
        _write_seeds(folder)
    atheris.Setup(sys.argv, one_input)
    try:
        atheris.Fuzz()
    finally:
        print(f"{_lines} lines", file=sys.stderr)


if __name__ == "__main__":
    main()
