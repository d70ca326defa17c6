"""Rows of ais.heard_copies: copies of transmissions that the filter dropped, and who heard them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from psycopg2.extensions import cursor as Cursor

from fairway import clock
from fairway.columns import Rows, Texts
from fairway.heard import HeardCopy
from services.db_inserter.copying import copy_rows
from services.db_inserter.tables import Table, Type
from services.db_inserter.texts import NUL

HEARD_COPIES = Table(
    "ais.heard_copies",
    {
        **dict.fromkeys(("kept_time", "event_time", "received_at"), Type.TIMESTAMP),
        "digest": Type.BIGINT,
        "mmsi": Type.INTEGER,
        "msg_type": Type.SMALLINT,
        "source": Type.TEXT,
        "station": Type.TEXT,
    },
)


def rows_of(copies: Sequence[HeardCopy], texts: Texts) -> Rows:
    """The copies as rows. Raises ValueError for a time that is not of our form, OverflowError for a number too large."""
    rows = HEARD_COPIES.rows(len(copies))
    convert: dict[Type, Callable[[Any], int]] = {
        Type.TIMESTAMP: lambda text: clock.to_ms(text) * 1000,
        Type.TEXT: lambda text: texts.number(text.replace(NUL, "")),
    }
    for name, kind in HEARD_COPIES.columns.items():
        values = [getattr(copy, name) for copy in copies]
        rows[name] = [kind.null if value is None else convert.get(kind, int)(value) for value in values]
    return rows


def insert(cursor: Cursor, rows: Rows, texts: Texts) -> None:
    """Store rows in the order of MMSI, so that a vessel's lie beside each other."""
    if len(rows):
        copy_rows(cursor, HEARD_COPIES, rows, texts, np.argsort(rows["mmsi"], kind="stable"))
