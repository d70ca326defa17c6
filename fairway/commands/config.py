"""`fairway config check`: are the settings right? And `fairway definitions`: the broker's topology."""

import json
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from fairway import database, topics
from fairway import settings as settings_module
from fairway.broker import connection_parameters

app = typer.Typer(no_args_is_help=True, help="Check and list the settings.")

Partitions = Annotated[
    int | None,
    typer.Option(
        min=1, max=topics.MOST_PARTITIONS, help="Filters that share the vessels; default: FAIRWAY_FILTER_PARTITIONS."
    ),
]
Passwords = Annotated[Path | None, typer.Option(help="Folder with one file a user, its name the user's.")]


@app.command()
def check() -> None:
    """Check every setting in the environment; says what is wrong in one sentence, exit status 2."""
    for settings in settings_module.SETTINGS:
        values = settings_module.read(settings)
        connection_parameters(values.broker_address, "check")
        database.check_url(values.database_address)
        for entry in entry_points(group="fairway.checks"):
            entry.load()(values)
    print("the settings are right")


@app.command("list")
def list_() -> None:
    """List every setting with its sentence."""
    for name, sentence in settings_module.known().items():
        print(f"{name}\n    {sentence}")


def definitions(passwords: Passwords = None, filter_partitions: Partitions = None) -> None:
    """Print the broker's exchanges, queues, users and policies as RabbitMQ's definitions."""
    partitions = filter_partitions or settings_module.read(settings_module.CommonSettings).filter_partitions
    given = {}
    if passwords is not None:
        for user in topics.USERS:
            path = passwords / user.name
            given[user.name] = settings_module.text_of(path, f"the password of {user.name}, {path},")
    print(json.dumps(topics.definitions(given, partitions), indent=2))
