"""The schema as SQL, so that a review sees what a migration changes: what pg_dump says, without what no migration made.

Comments are left out, as docs/schema.md has them, and partitions, which are not of migrations.
"""

import re
import subprocess

from fairway import database
from fairway.schema.catalogue import SCHEMAS
from fairway.stack.programs import SearchPath, find_postgres

HEADING = """\
-- The schema that the migrations make, as pg_dump {major} writes it: `make schema`. It is here to be compared, not to be run.
-- What the tables and columns mean is in schema.md.

"""
_DIGIT = "[0-9]"
# Of days and months of positions, and of months of derived tables; no other name ends so.
_PARTITIONS = tuple(f"*.*_{_DIGIT * digits}" for digits in (6, 8))
_TITLE = re.compile(r"^--\n-- (?:Name|Data for Name): .*\n--\n\n", re.MULTILINE)
_SETTING = re.compile(r"^(?:SET .*;|SELECT pg_catalog\.set_config\(.*\);|\\(?:un)?restrict .*)\n", re.MULTILINE)
_FRAME = re.compile(r"^--(?:\n| (?:Dumped |PostgreSQL database dump).*\n)", re.MULTILINE)
_OWNER = re.compile(r"^(ALTER DEFAULT PRIVILEGES) FOR ROLE \S+", re.MULTILINE)


def schema_dump(url: str, whole: bool = False) -> str:
    """The database's schema; comments and partitions too if it is to be `whole`. Raises StackError without pg_dump."""
    schemas = [f"--schema={name}" for name in SCHEMAS]
    left_out = ["--no-comments", *(f"--exclude-table={pattern}" for pattern in _PARTITIONS)]
    options = ["--schema-only", "--no-owner", *schemas, *([] if whole else left_out)]
    pg_dump = find_postgres(SearchPath()) / "pg_dump"
    done = subprocess.run(
        [pg_dump, *options],
        env=database.client_environment(url),
        check=True,
        cwd="/",
        capture_output=True,
        encoding="utf-8",
    )
    return normalised(done.stdout)


def normalised(text: str) -> str:
    """Without titles, settings, versions and the owner's name."""
    for pattern in (_TITLE, _SETTING, _FRAME):
        text = pattern.sub("", text)
    text = _OWNER.sub(r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
