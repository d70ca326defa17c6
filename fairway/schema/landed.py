"""Migrations that have landed are never changed: sql/checksums.txt has the SHA-256 of each, as `sha256sum` writes it."""

from hashlib import sha256
from pathlib import Path

FILE = "checksums.txt"


def checksums(folder: Path) -> dict[str, str]:
    """The checksum of every migration that there is, by the name of its file."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.sql"))}


def landed(folder: Path) -> dict[str, str]:
    """The checksum of every migration that has landed, by the name of its file."""
    file = folder / FILE
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}


def complaints(folder: Path) -> list[str]:
    """A sentence for each migration that has landed and is not what it was."""
    now = checksums(folder)
    return [
        f"{folder.name}/{name} {'has changed' if name in now else 'is gone'} since it landed: databases that have applied it"
        f" would not follow. Write a new migration. (If it never left your branch, delete its line in {FILE}.)"
        for name, checksum in landed(folder).items()
        if now.get(name) != checksum
    ]


def note(folder: Path) -> None:
    """Write down what is there now."""
    lines = (f"{checksum}  {name}\n" for name, checksum in checksums(folder).items())
    (folder / FILE).write_text("".join(lines), encoding="ascii")
