"""Starting and stopping a service process: logs, signals, health; the same for all."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

import structlog

from fairway import compiled, heap, telemetry
from fairway import settings as settings_module
from fairway.broker import RabbitBroker
from fairway.errors import BadSetting, FairwayError
from fairway.settings import CommonSettings
from fairway.worker import Gather, Stage, Worker

log = structlog.get_logger()

DRAIN_SECONDS = 9.0  # then the process ends as it is; what is unacknowledged comes again. Orchestrators kill after 10
S = TypeVar("S", bound=CommonSettings)


def main(name: str, settings: type[S], run: Callable[[S, Event], None], ready: telemetry.Check | None = None) -> None:
    """The body of a service's `__main__`: read settings, serve health, run until SIGTERM or SIGINT, exit with 0.

    `ready` says what is missing, for /readyz; unless told, a service is ready while it is connected to RabbitMQ. A bad setting
    is said in one sentence, exit status 2; a service that cannot go on exits with 1, to be started again.
    """
    heap.keep_freed_memory()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a service belongs to no terminal; see event_on_hangup
    try:
        values = settings_module.read(settings)
        telemetry.start_logging(values.log_format, values.log_level, name)
        stop = stop_on_signals()
        port = telemetry.serve(values.metrics_host, values.metrics_port, ready or _readiness)
        log.info("started", metrics=f"http://{values.metrics_host}:{port}/metrics")
        if missing := compiled.missing(name):
            log.warning(
                "compiled parts are missing, so this is some ten times slower: install a C compiler, then Fairway",
                parts=missing,
            )
        run(values, stop)
    except BadSetting as error:
        sys.exit(fail(error))
    except FairwayError as error:
        log.error("failed", error=str(error))
        sys.exit(1)
    log.info("stopped")


def fail(error: BadSetting) -> int:
    """Say what is wrong on standard error; the exit status for it."""
    print(f"fairway: {error}", file=sys.stderr)
    return 2


def run_stage(
    name: str,
    stage: Stage,
    settings: CommonSettings,
    stop: Event,
    gather: Gather = Gather(),  # noqa: B008
    queue: str | None = None,
) -> None:
    """Run a stage on a queue, that of its own name unless told, until stopped."""
    prefetch = max(settings.prefetch, gather.messages)
    broker = RabbitBroker(settings.broker_address, queue=queue or name, prefetch=prefetch, name=queue or name)
    Worker(stage, broker, stop, gather).run()


def stop_on_signals(cut_short_status: int = 0) -> Event:
    """An event that SIGTERM and SIGINT set. To be called by the main thread.

    A drain that takes too long is cut short with the given exit status; nothing acknowledged is lost by it.
    """
    stop = Event()
    heard, told = socket.socketpair()
    told.setblocking(False)
    # A handler in Python does not run while the main thread waits inside a C library such as libpq; this byte is written
    # at once, whatever any thread is doing.
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)

    def wait() -> None:
        while heard.recv(1)[0] not in (signal.SIGTERM, signal.SIGINT):
            pass  # other signals that somebody handles write their number there as well
        stop.set()
        time.sleep(DRAIN_SECONDS)
        os._exit(cut_short_status)

    Thread(target=wait, name="signals", daemon=True).start()
    _kept.append(told)  # closed, it would stop listening
    return stop


def event_on_hangup() -> Event:
    """An event that SIGHUP sets from now on. To be called by the main thread, which must not wait long outside Python."""
    hangup = Event()
    signal.signal(signal.SIGHUP, lambda _number, _frame: hangup.set())
    return hangup


_kept: list[socket.socket] = []


def _readiness() -> str | None:
    connected = telemetry.broker_connected._value.get()
    return None if connected else "not connected to RabbitMQ"
