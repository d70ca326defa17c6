"""The `fairway` command. Commands that need a service's code are entry points, so that this package knows no service."""

import sys
from importlib.metadata import entry_points

import typer

from fairway import heap
from fairway.commands import config, db, dead, demo, stack, tail
from fairway.errors import BadSetting, FairwayError
from fairway.service import fail

GROUP = "fairway.commands"

COMMANDS = (stack.up, stack.down, stack.status, stack.env, demo.demo, tail.tail, config.definitions)
GROUPS = {"dead": dead.app, "db": db.app, "config": config.app}


def application(asked: str | None = None) -> typer.Typer:
    """The whole command, with what the services add; of that only the command that is `asked` for, if it is one of them.

    A service's code takes longer to load than most commands take to run.
    """
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="AIS from antennas to PostGIS."
    )
    for command in COMMANDS:
        app.command()(command)
    for name, group in GROUPS.items():
        if asked in (None, name):
            _add_commands(group, f"{GROUP}.{name}")
        app.add_typer(group, name=name)
    entries = entry_points(group=GROUP)
    others = {*GROUPS, *(command.__name__ for command in COMMANDS), *entries.names}
    for entry in sorted(entries, key=lambda entry: entry.name):
        if asked in others and asked != entry.name:
            continue
        loaded = entry.load()
        if isinstance(loaded, typer.Typer):
            app.add_typer(loaded, name=entry.name)
        else:
            app.command(entry.name)(loaded)
    return app


def _add_commands(group: typer.Typer, entries: str) -> None:
    """What services add to a group of commands, once."""
    known = {command.name for command in group.registered_commands}
    for entry in sorted(entry_points(group=entries), key=lambda entry: entry.name):
        if entry.name not in known:
            group.command(entry.name)(entry.load())


def main() -> None:
    """Entry point. A person's mistake is one sentence and exit status 2; the world's failure one sentence and 1."""
    heap.keep_freed_memory()
    try:
        application(next((word for word in sys.argv[1:] if not word.startswith("-")), None))()
    except BadSetting as error:
        sys.exit(fail(error))
    except FairwayError as error:
        print(f"fairway: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
