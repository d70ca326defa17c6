"""AISdb's loader from NMEA files to PostgreSQL: `python -m benchmarks.loaders.aisdb_postgres DATABASE_URL FILE TABLE`.

AISdb is AGPL-3.0 and no part of this project: it runs in an interpreter of the user's own. As released (1.7.2) it does not load
into PostgreSQL 15: each INSERT goes through a trigger that fails (`column "mmsi" is of type integer but expression is of type
text`), and with the default `type_preference` NMEA files are passed over in silence. So the trigger is replaced here by one that
does nothing, and the preference is given; both can only make it faster. It keeps positions and static data, by month, with
indexes over MMSI, time, longitude and latitude, which it builds after loading; that is part of the time.
"""

import json
import resource
import shutil
import sys
import tempfile
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

TRIGGER = """
CREATE OR REPLACE FUNCTION {name}_insert() RETURNS TRIGGER AS $$ BEGIN RETURN NEW; END; $$ LANGUAGE plpgsql;
"""


def main() -> None:
    """Load the file; prints rows, seconds, our own CPU seconds and the version as one JSON line."""
    url, file, table = sys.argv[1:]
    decoder: Any = import_module("aisdb.database.decoder")  # has no types, and is not installed everywhere
    connections: Any = import_module("aisdb.database.dbconn")
    with tempfile.TemporaryDirectory() as folder, connections.PostgresDBConn(libpq_connstring=url) as connection:
        decoder.sqlpath = _statements(Path(decoder.sqlpath), Path(folder) / "sql")
        began = time.monotonic()
        decoder.decode_msgs([file], dbconn=connection, source="bench", verbose=False, type_preference="nm4")
        seconds = time.monotonic() - began
        cursor = connection.cursor()
        cursor.execute(f"SELECT count(*) AS rows FROM {table}")
        rows = cursor.fetchone()["rows"]
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = usage.ru_utime + usage.ru_stime
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu_seconds": cpu, "version": version("aisdb")}))


def _statements(given: Path, folder: Path) -> str:
    """A copy of its SQL in which the triggers do nothing."""
    shutil.copytree(given, folder)
    for name in ("dynamic", "static"):
        (folder / f"psql_{name}_trigger.sql").write_text(TRIGGER.format(name=name))
    return str(folder)


if __name__ == "__main__":
    main()
