"""Which of RabbitMQ's plugins a private server gets: those that its definitions need."""

from pathlib import Path

from fairway import topics
from fairway.stack.rabbitmq_config import Node, files, plugins_for
from fairway.stack.rabbitmq_home import link_home

PLUGIN = "rabbitmq_consistent_hash_exchange"


def test_one_filter_needs_no_plugin_and_several_need_one() -> None:
    assert plugins_for(topics.definitions()) == ()
    assert plugins_for(topics.definitions(partitions=2)) == (PLUGIN,)


def test_the_server_is_told_which_plugins_to_load() -> None:
    node = Node("n", Path("/x"), 1, 2, 3)
    assert files(node)["enabled_plugins"] == "[].\n"
    assert files(Node("n", Path("/x"), 1, 2, 3, plugins=(PLUGIN,)))["enabled_plugins"] == f"[{PLUGIN}].\n"


def test_only_enabled_plugins_are_linked(tmp_path: Path) -> None:
    program = tmp_path / "installed/sbin/rabbitmq-server"
    for name in ("rabbit-3.10.8", "rabbitmq_prelaunch-3.10.8", f"{PLUGIN}-3.10.8", "rabbitmq_shovel-3.10.8"):
        (tmp_path / "installed/plugins" / name).mkdir(parents=True)
    link_home(program, tmp_path / "home", (PLUGIN,))
    linked = {path.name for path in (tmp_path / "home/plugins").iterdir()}
    assert linked == {"rabbit-3.10.8", "rabbitmq_prelaunch-3.10.8", f"{PLUGIN}-3.10.8"}
