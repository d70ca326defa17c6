"""`make schema`: migrate a private, empty database and write down what it looks like."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fairway import database, reference
from fairway.errors import FairwayError
from fairway.schema import landed, page, picture
from fairway.schema.catalogue import read, uncommented
from fairway.schema.dump import HEADING, schema_dump
from fairway.stack.local import LocalStack
from fairway.stack.paths import prepare


def write(docs: Path, sql: Path) -> None:
    """Write everything anew. Raises StackError, BadSetting, DatabaseAway."""
    with _migrated() as url:
        with closing(database.connect(url)) as connection:
            schemas = read(connection)
            major = connection.server_version // 10_000
        dump = HEADING.format(major=major) + schema_dump(url)
    for name in uncommented(schemas):
        print(f"{name} has no COMMENT", file=sys.stderr)
    file = docs / "schema.md"
    file.write_text(reference.fill(file.read_text(encoding="utf-8"), page.parts(schemas)), encoding="utf-8")
    (docs / "schema.sql").write_text(dump, encoding="utf-8")
    (docs / "pictures/schema.svg").write_text(picture.svg(), encoding="utf-8")
    landed.note(sql)


@contextmanager
def _migrated() -> Iterator[str]:
    """The URL of a migrated database on a server of its own."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server runs as another user where we are root
        stack = LocalStack(Path(folder) / ".fairway")
        try:
            prepare(stack.paths)
            stack.postgres.start()
            database.migrate(stack.database_url())
            yield stack.database_url()
        finally:
            stack.clean()


def main() -> None:
    folder = database.sql_folder()
    if complaints := landed.complaints(folder):
        sys.exit("\n".join(complaints))
    try:
        write(folder.parent / "docs", folder)
    except FairwayError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
