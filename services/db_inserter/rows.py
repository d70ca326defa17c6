"""Rows as PostgreSQL's COPY reads them: text format, one line a row, tabs between.

The null marker is the word None, which is what formatting a None gives: no value needs a look of its own. A text that is
itself the word None is written with an octal escape, for COPY compares the marker before it takes escapes away.
"""

from collections.abc import Collection, Sequence
from typing import Any

from services.db_inserter.tables import Table

NULL = "None"
_NULL_AS_TEXT = "Non\\145"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})  # PostgreSQL stores no NUL


def may_say_null(body: bytes) -> bool:
    """Whether a text in a JSON body may be the null marker itself; JSON may write it with escapes."""
    return b'"None"' in body or b"\\u" in body


def table_rows(table: Table, records: Collection[Any], careful: bool) -> str:
    """The records as lines of `table`, its columns in the order of `table.columns`. For `careful` see `lines`."""
    get, (derive, *more) = table.get, table.derived.values()
    rows: list[tuple[Any, ...]] = [(*get(record), derive(record)) for record in records]
    for also in more:
        rows = [(*row, also(record)) for row, record in zip(rows, records, strict=True)]
    return lines(rows, careful)


def lines(rows: Sequence[tuple[Any, ...]], careful: bool) -> str:
    """Rows of equal length as lines.

    `careful` when a text may be the null marker. Other texts that need escapes are found by what they do to the lines.
    """
    if not rows:
        return ""
    template = "\t".join(["%s"] * len(rows[0])) + "\n"
    if not careful:
        quick = "".join([template % values for values in rows])
        if _is_sound(quick, len(rows), len(rows[0])):
            return quick
    return "".join([template % tuple(map(_escape, values)) for values in rows])


def _is_sound(text: str, rows: int, columns: int) -> bool:
    """Whether no text has brought a tab, a line end, a backslash or a NUL of its own."""
    if text.count("\t") != rows * (columns - 1) or text.count("\n") != rows:
        return False
    return "\\" not in text and "\r" not in text and "\0" not in text


def _escape(value: Any) -> Any:
    if type(value) is not str:
        return value
    escaped = value.translate(_ESCAPES)
    return escaped if escaped != NULL else _NULL_AS_TEXT
