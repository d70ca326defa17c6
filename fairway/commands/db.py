"""`fairway db migrate|roles|load-areas|load-ports`: the schema, who may log in, and places.

services/db_maintainer adds maintain, archive and restore.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from fairway import database
from fairway import settings as settings_module
from fairway.errors import BadSetting
from fairway.gazetteer import loading
from fairway.gazetteer.findings import Findings, listed
from fairway.settings import CommonSettings, text_of

app = typer.Typer(no_args_is_help=True, help="The database: schema, logins, ports and areas, upkeep, archive.")

PasswordFile = Annotated[Path | None, typer.Option(help="File that holds the password.")]
SourceName = Annotated[
    str | None, typer.Option(help="Name of the source in ref.sources; the file's name without endings if not given.")
]
Licence = Annotated[str | None, typer.Option(help="On which terms the source may be used, for ref.sources.")]
Url = Annotated[str | None, typer.Option(help="Where the source can be had, for ref.sources.")]
Version = Annotated[str | None, typer.Option(help="Edition or date of the source, for ref.sources.")]


@app.command()
def migrate() -> None:
    """Bring the schema up to date; FAIRWAY_DATABASE_URL must be the owner's."""
    applied = database.migrate(_owner())
    print(f"applied {', '.join(applied)}" if applied else "the schema is up to date")


@app.command()
def roles(
    writer_password_file: PasswordFile = None,
    analyst_password_file: PasswordFile = None,
    maintainer_password_file: PasswordFile = None,
    api_password_file: PasswordFile = None,
) -> None:
    """Make the logins fairway_writer, fairway_analyst, fairway_maintainer and fairway_api, or give them new passwords."""
    files = {
        "writer": writer_password_file,
        "analyst": analyst_password_file,
        "maintainer": maintainer_password_file,
        "api": api_password_file,
    }
    passwords = {role: text_of(path, str(path)) for role, path in files.items() if path is not None}
    if not passwords:
        raise BadSetting("give a file, such as --writer-password-file; --help shows them all")
    logins = database.ensure_logins(_owner(), passwords)
    print(f"made {', '.join(logins.values())}")


@app.command()
def load_areas(
    file: Annotated[Path, typer.Argument(help="GeoJSON of polygons, which may be gzipped.")],
    name_property: Annotated[str, typer.Option(help="Property that holds an area's name.")] = "name",
    kind: Annotated[str, typer.Option(help="What kind of area these are, such as eez or anchorage.")] = "area",
    source: SourceName = None,
    licence: Licence = None,
    url: Url = None,
    version: Version = None,
) -> None:
    """Replace the maritime areas of a source and kind by those of a file; FAIRWAY_DATABASE_URL must be the owner's."""
    read_from = loading.Source(source or _stem(file), licence, url, version)
    found = loading.load_areas(_owner(), file, read_from, kind, name_property)
    print(_sentence(found, f"areas of kind {kind}", read_from))


@app.command()
def load_ports(
    file: Annotated[Path, typer.Argument(help="CSV or GeoJSON of ports, which may be gzipped.")],
    source: SourceName = None,
    licence: Licence = None,
    url: Url = None,
    version: Version = None,
) -> None:
    """Replace the ports of a source by those of a file; FAIRWAY_DATABASE_URL must be the owner's."""
    read_from = loading.Source(source or _stem(file), licence, url, version)
    print(_sentence(loading.load_ports(_owner(), file, read_from), "ports", read_from))


def _owner() -> str:
    return settings_module.read(CommonSettings).database_address


def _stem(file: Path) -> str:
    """A file's name without its endings."""
    return file.name.partition(".")[0] or file.name


def _sentence(found: Findings[Any], what: str, source: loading.Source) -> str:
    parts = [f"loaded {len(found.places)} {what} from {source.name}"]
    if found.remarks:
        parts.append(f"of them {listed(found.remarks)}")
    if found.left_out:
        parts.append(f"left out {found.left_out.total()}: {listed(found.left_out)}")
    return "; ".join(parts)
