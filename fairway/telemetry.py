"""What a service says about itself: structured logs, Prometheus metrics, liveness and readiness over HTTP.

All stages report with the same words: received, published, dropped, rejected, dead, stored. Labels stay few: a source, a
stage, a rule, a reason; never a vessel.
"""

import errno
import logging
import sys
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from fairway.errors import BadSetting

received = Counter("fairway_received_records", "Records taken in", ["source"])
published = Counter("fairway_published_records", "Records handed on and confirmed by the broker", ["stage"])
dropped = Counter("fairway_dropped_records", "Records left out on purpose", ["rule", "source"])
kept = Counter("fairway_kept_records", "Records that the filter let pass", ["source"])
flagged = Counter("fairway_flagged_records", "Records that the filter let pass with this flag", ["flag"])
held = Gauge("fairway_held_records", "Records that the filter holds back until the next of their vessel comes")
remembered = Gauge(
    "fairway_filter_remembered", "Vessels, or payloads, or reports of a class, that a filter rule remembers", ["rule"]
)
track_error = Histogram(
    "fairway_track_error_metres",
    "Distance of some dropped positions from the line to the next position, metres",
    buckets=(1, 2, 5, 10, 15, 20, 25, 30, 50, 100, 200),
)
rejected = Counter("fairway_rejected_records", "Records that cannot be decoded", ["reason"])
stored = Counter("fairway_stored_records", "Records written to the database", ["kind"])
copied = Counter("fairway_copied_records", "Records of copies for another tail, which the database does not store")
duplicate_batches = Counter("fairway_duplicate_batches", "Batches that were delivered again and recognised by their id")
unbalanced_batches = Counter(
    "fairway_unbalanced_batches",
    "Batches whose account did not close: received + released is not stored + rejected + dropped + held",
)
rule_reloads = Counter(
    "fairway_filter_rule_reloads", "Times the filter's rules were read anew: used, or refused as wrong", ["outcome"]
)
rules_version = Gauge("fairway_filter_rules", "1 for the rules that the filter judges by", ["name", "version"])
failed = Counter("fairway_failed_batches", "Batches that a bug or a foreign body kept from being handled, each time")
retries = Counter("fairway_retries", "Times a group waited for a broken world and was tried again")
broker_connected = Gauge("fairway_broker_connected", "1 while connected to RabbitMQ")
handling = Histogram(
    "fairway_handling_seconds",
    "Time to handle one group, without publishing",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
)
lines = Counter("fairway_ingest_lines", "Lines read", ["source"])
ignored = Counter("fairway_ingest_ignored_lines", "Lines that are not AIS sentences", ["reason"])
incomplete = Counter("fairway_ingest_incomplete_messages", "Multi-part messages of which a part never came", ["source"])
bad_tag_blocks = Counter("fairway_ingest_bad_tag_blocks", "Tag blocks with a wrong checksum, not believed", ["source"])
spooled_bytes = Gauge("fairway_spool_bytes", "Bytes waiting on disk for the broker")
spool_dropped = Counter("fairway_spool_dropped_records", "Records lost because the spool was full", ["source"])
feed_connected = Gauge("fairway_feed_connected", "1 while a feed is connected", ["source"])
reconnects = Counter("fairway_feed_reconnects", "Times a feed was connected again", ["source"])
feed_stalls = Counter(
    "fairway_feed_stalls", "Times a feed was connected but silent, and was given up for it", ["source"]
)
feed_errors = Counter(
    "fairway_feed_errors",
    "Failures of feeds: away, lost, ended, silent, refused, throttled, accept or too_many",
    ["kind", "reason"],
)
feed_dropped = Counter(
    "fairway_feed_dropped_records",
    "Reports left out: unchanged, or of a zone, type or mmsi not asked for",
    ["source", "reason"],
)
feed_peers = Gauge("fairway_feed_peers", "Senders that are connected to a listening feed", ["source"])
feed_clock_skew = Gauge("fairway_feed_clock_skew_seconds", "How far the sender's clock is behind ours", ["source"])
udp_drops = Counter("fairway_udp_dropped_datagrams", "Datagrams the kernel dropped, as we read too slowly", ["source"])
newest_event = Gauge("fairway_newest_event_seconds", "Newest event_time stored, seconds since 1970", ["source"])
job_runs = Counter("fairway_job_runs", "Runs of the maintainer's jobs: done, failed or stopped", ["job", "outcome"])
job_rows = Counter("fairway_job_rows", "Rows or partitions that the maintainer's jobs dealt with", ["job"])
job_seconds = Gauge("fairway_job_seconds", "How long the last run of a job took", ["job"])
job_done = Gauge("fairway_job_done_seconds", "When a job was done last, seconds since 1970", ["job"])
database_connected = Gauge("fairway_database_connected", "1 while the maintainer is connected to PostgreSQL")

Check = Callable[[], str | None]


def start_logging(style: str, level: str, service: str) -> None:
    """Send structured logs to standard error: `json`, `console`, or `auto` (console on a terminal)."""
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    renderer = _for_a_person() if console else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            partial(_name_service, service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if not console else _keep,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # its errors reach us as exceptions, said once in our words


def _for_a_person() -> structlog.dev.ConsoleRenderer:
    # Its own choice of traces shows local variables, among which are addresses with passwords.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def _name_service(
    service: str, _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {"service": service, **event}


def _keep(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return event


def serve(host: str, port: int, ready: Check) -> int:
    """Serve /metrics, /healthz and /readyz in the background; returns the port (0 asks for a free one).

    `ready` returns None, or a sentence saying what is missing (then /readyz answers 503). Raises BadSetting.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            elif self.path == "/healthz":
                self._answer(200, b"ok\n")
            elif self.path == "/readyz":
                missing = ready()
                self._answer(503 if missing else 200, f"{missing or 'ok'}\n".encode())
            else:
                self._answer(404, b"try /metrics, /healthz or /readyz\n")

        def _answer(self, status: int, body: bytes, content_type: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return  # a scrape every few seconds is not news

    server = _bind(host, port, Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 5.0}, daemon=True, name="telemetry").start()
    return int(server.server_address[1])


def _bind(host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer((host, port), handler)
    except UnicodeError:  # a name that cannot be asked for, such as one with two dots in a row
        raise BadSetting(f"FAIRWAY_METRICS_HOST={host} is not a host's name or address") from None
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise BadSetting(f"FAIRWAY_METRICS_PORT={port} cannot be served: {error.strerror}") from None
        raise BadSetting(f"FAIRWAY_METRICS_HOST={host} is not an address of this machine: {error.strerror}") from None
