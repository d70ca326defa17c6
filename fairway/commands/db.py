"""`fairway db migrate|roles`: the schema and who may log in. services/db_maintainer adds maintain, archive and restore."""

from pathlib import Path
from typing import Annotated

import typer

from fairway import database
from fairway import settings as settings_module
from fairway.errors import BadSetting
from fairway.settings import CommonSettings, text_of

app = typer.Typer(no_args_is_help=True, help="The database: schema, logins, upkeep, archive.")

PasswordFile = Annotated[Path | None, typer.Option(help="File that holds the password.")]


@app.command()
def migrate() -> None:
    """Bring the schema up to date; FAIRWAY_DATABASE_URL must be the owner's."""
    applied = database.migrate(settings_module.read(CommonSettings).database_address)
    print(f"applied {', '.join(applied)}" if applied else "the schema is up to date")


@app.command()
def roles(
    writer_password_file: PasswordFile = None,
    analyst_password_file: PasswordFile = None,
    maintainer_password_file: PasswordFile = None,
) -> None:
    """Make the logins fairway_writer, fairway_analyst and fairway_maintainer, or give them new passwords."""
    files = {
        "writer": writer_password_file,
        "analyst": analyst_password_file,
        "maintainer": maintainer_password_file,
    }
    passwords = {role: text_of(path, str(path)) for role, path in files.items() if path is not None}
    if not passwords:
        raise BadSetting("give --writer-password-file, --analyst-password-file or --maintainer-password-file")
    logins = database.ensure_logins(settings_module.read(CommonSettings).database_address, passwords)
    print(f"made {', '.join(logins.values())}")
