"""The installed RabbitMQ as links, without the plugins that are not enabled: it starts several times faster.

The Erlang VM looks for every module it loads in every plugin's folder; with the sixty of a full installation, most of
the time to start is spent on files that are not there.
"""

import shutil
from collections.abc import Collection
from pathlib import Path

PLUGIN_PREFIX = "rabbitmq_"
NEEDED = "rabbitmq_prelaunch"  # named like a plugin, but a part of the server


def link_home(program: Path, home: Path, enabled: Collection[str] = ()) -> None:
    """Makes `home` anew, with the `enabled` plugins, for the installation that the program `rabbitmq-server` belongs to."""
    installed = program.resolve().parent.parent
    shutil.rmtree(home, ignore_errors=True)
    plugins = home / "plugins"
    for folder in (home, plugins):
        folder.mkdir()
        folder.chmod(0o755)  # whatever the umask: the server's user must read it
    for part in ("sbin", "escript"):
        (home / part).symlink_to(installed / part)
    for found in (installed / "plugins").iterdir():
        name = found.name.partition("-")[0]  # a folder or an archive is called name-version
        if not name.startswith(PLUGIN_PREFIX) or name == NEEDED or name in enabled:
            (plugins / found.name).symlink_to(found)
