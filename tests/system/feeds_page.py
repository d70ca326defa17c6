"""What stands in docs/feeds.md: recipes with what they print, YAML files, sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "feeds.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
SOURCE = re.compile(r"`([a-z0-9_.-]+=[a-z-]+:[^`]*)`")
VARIES = "…"
ANY_TEXT = r"(?!0(?: lines| records|,)).+?"


@dataclass(frozen=True)
class Recipe:
    """Commands, the files that must lie beside them, and lines of what they print; none: they print nothing."""

    name: str
    commands: str
    files: Mapping[str, str] = field(repr=False)
    printed: Sequence[str] = ()


def recipes(page: str) -> list[Recipe]:
    """All blocks of sh, each with the YAML files above it and the text below it."""
    files: dict[str, str] = {}
    found: list[Recipe] = []
    for match in BLOCK.finditer(page):
        kind, content = match.groups()
        if kind == "yaml":
            files[_file_name(content)] = content
        elif kind == "sh":
            name = f"{HEADING.findall(page[: match.start()])[-1]}, line {page[: match.start()].count(chr(10)) + 1}"
            found.append(Recipe(name, content, dict(files), _text_after(page, match.end())))
    return found


def yaml_files(page: str) -> dict[str, str]:
    """The YAML blocks; the name of each is in its first line."""
    return {_file_name(content): content for kind, content in BLOCK.findall(page) if kind == "yaml"}


def sources(page: str) -> list[str]:
    """What stands as TAIL=URL in the text and in its tables."""
    return SOURCE.findall(BLOCK.sub("", page))


def column(page: str, *names: str) -> list[tuple[str, ...]]:
    """The first cells, without back-quotes, of the rows of the table whose first columns have these names."""
    table = page.split("| " + " | ".join(names) + " |", 1)[1].split("\n\n", 1)[0]
    rows = [re.split(r"(?<!\\) *\| *", line) for line in table.splitlines()[2:]]
    return [tuple(cell.replace("`", "") for cell in row[1 : len(names) + 1]) for row in rows]


def not_printed(promised: Iterable[str], *streams: str) -> list[str]:
    """The promised lines that no stream has, each looked for behind the one found before it in the same stream.

    `…` is any text, but not a count of 0 lines or records.
    """
    left = [stream.splitlines() for stream in streams]
    missing = []
    for line in promised:
        pattern = re.compile(ANY_TEXT.join(re.escape(part) for part in line.strip().split(VARIES)))
        for lines in left:
            at = next((at for at, each in enumerate(lines) if pattern.fullmatch(each.strip())), None)
            if at is not None:
                del lines[: at + 1]
                break
        else:
            missing.append(line)
    return missing


def anchors(page: str) -> set[str]:
    """What a link to a heading of the page ends in."""
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(page)}


def _file_name(content: str) -> str:
    return content.splitlines()[0].removeprefix("# ")


def _text_after(page: str, end: int) -> list[str]:
    match = BLOCK.match(page, end + 2)
    return match[2].splitlines() if match and match[1] == "text" else []
