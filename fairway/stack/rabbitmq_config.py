"""The configuration and environment of the private RabbitMQ: nothing in them is shared with another one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# An inserter that waits out a database outage holds its deliveries unacknowledged; RabbitMQ would close its
# channel after 30 minutes.
CONSUMER_TIMEOUT_MS = 365 * 24 * 3600 * 1000
DISK_FREE_LIMIT = "200MB"  # absolute: the default of a laptop's nearly full disk must not block publishers
MEMORY = "1GB"
# Bodies in the log of the quorum queues stay in memory until a log of this size is full and written out, with the next one
# beside it. The default of 512 MB takes the whole gigabyte once a queue backs up: then publishers wait for memory, and without
# their messages that log is never full.
LOG_MAX_BYTES = 128 << 20
# When the log is full, what a queue still needs of it is written once more. What it does not need, it says in a snapshot, at a
# time when it is empty, and at most once in so many entries; by default, 8,192. A batch is about two entries and may be a
# megabyte. A queue keeps the number with which it was made.
SNAPSHOT_ENTRIES = 64
# Of memory for bodies: carriers of up to 5 MiB, for blocks of up to 4 MiB. By RabbitMQ's defaults, 512 KiB both, each body is
# mapped and unmapped by itself, and the kernel zeroes each of its pages: a tenth of all CPU at the batches of a loud feed.
ALLOCATOR = "+MBlmbcs 5120 +MBsbct 4096"
WAITING = "+sbwt none +sbwtdcpu none +sbwtdio none"  # an Erlang VM must not spin while it waits for work
MOST_SCHEDULERS = 4  # of Erlang; more cost idle wake-ups and bring a local stack nothing
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LOOPBACK_ONLY = "-kernel inet_dist_use_interface {127,0,0,1}"
ADVANCED = f"[{{rabbit, [{{quorum_snapshot_interval, {SNAPSHOT_ENTRIES}}}]}}].\n"  # rabbitmq.conf has no word for it
PLUGIN_OF_EXCHANGE = {
    "x-consistent-hash": "rabbitmq_consistent_hash_exchange"
}  # types that the server has not built in


@dataclass(frozen=True)
class Node:
    """One private RabbitMQ: its name, its ports on 127.0.0.1, its folder, memory limit (such as 1GB) and plugins."""

    name: str
    folder: Path
    amqp_port: int
    distribution_port: int
    epmd_port: int
    memory: str = MEMORY
    plugins: tuple[str, ...] = ()

    @property
    def definitions_file(self) -> Path:
        return self.folder / "definitions.json"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def cookie_file(self) -> Path:
        return self.folder / ".erlang.cookie"


def config(node: Node) -> str:
    """The text of its rabbitmq.conf."""
    return f"""\
listeners.tcp.1 = 127.0.0.1:{node.amqp_port}
load_definitions = {node.definitions_file}
consumer_timeout = {CONSUMER_TIMEOUT_MS}
disk_free_limit.absolute = {DISK_FREE_LIMIT}
vm_memory_high_watermark.absolute = {node.memory}
raft.wal_max_size_bytes = {LOG_MAX_BYTES}
"""


def files(node: Node) -> dict[str, str]:
    """The small files in its folder by name, but the cookie and the definitions."""
    # rabbitmq-env.conf is empty: with none, the one in /etc/rabbitmq would be read.
    return {
        "rabbitmq.conf": config(node),
        "rabbitmq-env.conf": "",
        "enabled_plugins": f"[{','.join(node.plugins)}].\n",
        "advanced.config": ADVANCED,
    }


def plugins_for(definitions: Mapping[str, Any]) -> tuple[str, ...]:
    """The plugins without which a server cannot load these definitions."""
    types = {str(exchange["type"]) for exchange in definitions.get("exchanges", [])}
    return tuple(PLUGIN_OF_EXCHANGE[name] for name in sorted(types & set(PLUGIN_OF_EXCHANGE)))


def environment(node: Node) -> dict[str, str]:
    """All that the server and rabbitmqctl see; of ours only PATH, so that no foreign RABBITMQ_* slips in."""
    folder = node.folder
    return {
        "PATH": f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}",
        "LANG": "C.UTF-8",
        "HOME": str(folder),  # where Erlang looks for the cookie
        "ERL_EPMD_PORT": str(node.epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_CRASH_DUMP": str(folder / "erl_crash.dump"),
        "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the Erlang VM, so that its pid is the VM's
        "RABBITMQ_SCRIPTS_DIR": str(node.home / "sbin"),  # from which the scripts tell where RabbitMQ is installed
        "RABBITMQ_NODENAME": node.name,
        "RABBITMQ_DIST_PORT": str(node.distribution_port),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_PID_FILE": str(folder / "rabbitmq.pid"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),  # of what it logs before and beside the next
        "RABBITMQ_LOGS": "-",  # to the output, which goes to our log file
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _erlang_arguments(),
        "RABBITMQ_CTL_ERL_ARGS": LOOPBACK_ONLY,
    }


def _erlang_arguments() -> str:
    schedulers = min(MOST_SCHEDULERS, os.cpu_count() or 1)
    return f"+S {schedulers}:{schedulers} {WAITING} {ALLOCATOR} -start_epmd false {LOOPBACK_ONLY}"
