"""The row that says a file was read to its end."""

from collections.abc import Sequence

import msgspec
from psycopg2.extensions import cursor as Cursor

_INSERT = """
    INSERT INTO ops.imports (content_hash, source, file, bytes, lines, records, batches, batch_prefix, published_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (content_hash, source) DO NOTHING
"""


class Imported(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="import"):
    """What ingest says after a file's last batch; sql/006_operations.sql has a sentence for each field."""

    content_hash: str
    source: str
    file: str
    bytes: int
    lines: int
    records: int
    batches: int
    batch_prefix: str
    published_at: str


_decoder = msgspec.json.Decoder(Imported)


def decode(body: bytes) -> Imported:
    """The import of an `event.import.<tail>` message. Raises msgspec.MsgspecError when the body is not one."""
    return _decoder.decode(body)


def insert(cursor: Cursor, imports: Sequence[Imported]) -> None:
    """Write imports; the first report of a file and source stands."""
    for imported in imports:
        cursor.execute(_INSERT, [getattr(imported, name) for name in Imported.__struct_fields__])
