"""Starting and stopping a service process: logs, signals, health; the same for all."""

import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Timer
from typing import TypeVar

import structlog

from fairway import settings as settings_module
from fairway import telemetry
from fairway.broker import RabbitBroker
from fairway.errors import BadSetting
from fairway.settings import CommonSettings
from fairway.worker import Gather, Stage, Worker

log = structlog.get_logger()

DRAIN_SECONDS = 9.0  # then the process ends as it is; what is unacknowledged comes again. Orchestrators kill after 10
S = TypeVar("S", bound=CommonSettings)


def main(name: str, settings: type[S], run: Callable[[S, Event], None]) -> None:
    """The body of a service's `__main__`: read settings, serve health, run until SIGTERM or SIGINT, exit with 0.

    A bad setting is said in one sentence, exit status 2.
    """
    try:
        values = settings_module.read(settings)
        telemetry.start_logging(values.log_format, values.log_level, name)
        stop = stop_on_signals()
        port = telemetry.serve(values.metrics_host, values.metrics_port, _readiness)
        log.info("started", metrics=f"http://{values.metrics_host}:{port}/metrics")
        run(values, stop)
    except BadSetting as error:
        sys.exit(fail(error))
    log.info("stopped")


def fail(error: BadSetting) -> int:
    """Say what is wrong on standard error; the exit status for it."""
    print(f"fairway: {error}", file=sys.stderr)
    return 2


def run_stage(name: str, stage: Stage, settings: CommonSettings, stop: Event, gather: Gather = Gather()) -> None:  # noqa: B008
    """Run a stage on the queue of its own name until stopped."""
    prefetch = max(settings.prefetch, gather.messages)
    broker = RabbitBroker(settings.broker_address, queue=name, prefetch=prefetch, name=name)
    Worker(stage, broker, stop, gather).run()


def stop_on_signals() -> Event:
    """An event that SIGTERM and SIGINT set. A drain that takes too long is cut short; nothing acknowledged is lost by it."""
    stop = Event()

    def ask(_signal: int, _frame: object) -> None:
        if stop.is_set():
            return
        stop.set()
        timer = Timer(DRAIN_SECONDS, os._exit, args=(0,))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


def _readiness() -> str | None:
    connected = telemetry.broker_connected._value.get()
    return None if connected else "not connected to RabbitMQ"
