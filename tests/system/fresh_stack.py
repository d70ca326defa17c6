"""A local stack that can be made as new again in a second: most of what a new one takes is the start of its servers."""

import shutil
from contextlib import closing

import pika
import psycopg2

from fairway import topics
from fairway.broker import connection_parameters
from fairway.local import Local
from fairway.stack.ports import choose_port
from fairway.stack.postgres import DATABASE
from fairway.stack.state import StateFile

PRISTINE = "pristine"  # a copy of the database as it was after its migration


class FreshStack:
    """A running stack without services, whose servers outlive what is done to it."""

    def __init__(self, local: Local) -> None:
        self.local = local
        self._state = StateFile(local.stack.paths.run / "state.json")
        choose_port(self._state, "udp")  # not the customary one: other stacks may run at the same time
        self._administer(f"CREATE DATABASE {PRISTINE} TEMPLATE {DATABASE}")

    def renewed(self) -> Local:
        """The stack with both servers running, no service, no row, no message, and nothing that a service remembers.

        Only the stream of raw messages keeps its content.
        """
        self.local.stack.services.stop_all()
        self.local.start_servers()
        self._empty_queues()
        self._administer(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        self._administer(f"CREATE DATABASE {DATABASE} TEMPLATE {PRISTINE}")
        for service in ("ingest", "filter"):
            shutil.rmtree(self.local.stack.paths.root / service, ignore_errors=True)
        self._state.put("sources", "")
        return self.local

    def _empty_queues(self) -> None:
        url = self.local.stack.amqp_url("operator")
        with closing(pika.BlockingConnection(connection_parameters(url, "tests"))) as connection:
            channel = connection.channel()
            for queue in topics.QUEUES:
                if queue.name != topics.RAW_LOG:
                    channel.queue_purge(queue.name)

    def _administer(self, statement: str) -> None:
        url = self.local.stack.database_url().removesuffix(DATABASE) + "postgres"
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)
