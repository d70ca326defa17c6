"""What a private RabbitMQ is told."""

import re
from pathlib import Path

from fairway.stack import rabbitmq_config
from fairway.stack.rabbitmq_config import Node, environment, files

NODE = Node("n", Path("/x"), 1, 2, 3)


def test_the_log_that_is_kept_in_memory_fits_in_there_several_times() -> None:
    """The one that fills, those that are written out, and what Erlang needs besides."""
    gigabytes = int(rabbitmq_config.MEMORY.removesuffix("GB"))
    assert f"raft.wal_max_size_bytes = {rabbitmq_config.LOG_MAX_BYTES}\n" in files(NODE)["rabbitmq.conf"]
    assert gigabytes * 10**9 >= 4 * rabbitmq_config.LOG_MAX_BYTES


def test_queues_say_early_what_they_need_no_more() -> None:
    assert files(NODE)["advanced.config"] == "[{rabbit, [{quorum_snapshot_interval, 64}]}].\n"


def test_no_thread_of_the_server_spins_while_it_waits() -> None:
    arguments = environment(NODE)["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
    assert dict(re.findall(r"\+(sbwt\w*) (\w+)", arguments)) == {"sbwt": "none", "sbwtdcpu": "none", "sbwtdio": "none"}
