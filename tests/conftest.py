"""Which tests share a worker when several workers run at a time, and which are begun first; and that none is timed."""

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# How long an example takes says more about the machine than about the code; benchmarks measure that.
settings.register_profile("fairway", deadline=None)
settings.load_profile("fairway")

SERVERS = "tests/integration"  # share a RabbitMQ and a PostgreSQL: on two workers these would be started twice
WITH_SERVERS_OF_ITS_OWN = "tests/integration/test_stack_servers.py"
LONGEST_FIRST = (  # or the last of them would run alone
    "tests/system/test_kills.py",
    "tests/system/test_commands.py",
    "tests/system/test_feeds_page.py",
    "tests/system/test_scale_out.py",
    "tests/system/test_back_pressure.py",
    SERVERS,
    "tests/system/test_resume.py",
    "tests/system/test_hostile_lines.py",
    "tests/system/test_conservation.py",
    WITH_SERVERS_OF_ITS_OWN,
)


class InGroups(LoadScopeScheduling):
    """Hands out whole groups of tests; in the order of the collection if `--no-loadscope-reorder` is given."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InGroups:
    """Instead of what `--dist` chooses."""
    return InGroups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of the groups; that within a group stays."""
    items.sort(key=lambda item: _turn(_group(item.nodeid)))


def _group(nodeid: str) -> str:
    """A file, or the files that share servers."""
    file = nodeid.partition("::")[0]
    return SERVERS if file.startswith(SERVERS) and file != WITH_SERVERS_OF_ITS_OWN else file


def _turn(group: str) -> int:
    return LONGEST_FIRST.index(group) if group in LONGEST_FIRST else len(LONGEST_FIRST)
