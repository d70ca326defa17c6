"""Feeds as they run in ingest: real sockets on this machine, a broker in memory."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from fairway.records import AnyDecoded, Raw, decode_decoded, decode_raw
from fairway.settings import IngestSettings, read
from fairway.testing import MemoryBroker
from services.ingest.intake import Intake
from services.ingest.sources import gather

STOP_SECONDS = 1.5


class Running:
    """Ingest in a thread, reading these sources until `stop`."""

    def __init__(
        self, sources: list[str], settings: IngestSettings, file: Path | None, broker: MemoryBroker | None
    ) -> None:
        self.broker = broker or MemoryBroker()
        self._stop = Event()
        self._intake = Intake(gather(sources, "", file), settings, self.broker, self._stop)
        self._thread = Thread(target=self._intake.run, kwargs={"until_read": True})
        self._thread.start()

    @property
    def readings(self) -> list[object]:
        return list(self._intake.readings)

    @property
    def raw(self) -> list[Raw]:
        return [r for m in list(self.broker.published) if m.key.startswith("raw.") for r in decode_raw(m.body)]

    @property
    def sentences(self) -> list[str]:
        return ["".join(record.sentences) for record in self.raw]

    @property
    def decoded(self) -> list[tuple[str, AnyDecoded]]:
        """Records with the keys under which they were published."""
        found = [m for m in list(self.broker.published) if m.key.startswith("decoded.")]
        return [(message.key, record) for message in found for record in decode_decoded(message.body)]

    def stop(self) -> float:
        """How long that took."""
        began = time.monotonic()
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()
        return time.monotonic() - began


def until(condition: Callable[[], object], seconds: float = 5.0) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return bool(condition())


@pytest.fixture(name="until")
def _until() -> Callable[..., bool]:
    return until


@pytest.fixture
def logs() -> Iterator[list[dict[str, object]]]:
    """All that is logged."""
    with capture_logs() as caught:
        yield caught  # type: ignore[misc]


@pytest.fixture
def ingest(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts ingest on sources; it must end soon after the test."""
    runs: list[Running] = []

    def start(
        *sources: str, file: Path | None = None, broker: MemoryBroker | None = None, **settings: object
    ) -> Running:
        values = {"state_dir": tmp_path / f"state{len(runs)}", "batch_linger_ms": 10, **settings}
        runs.append(Running(list(sources), read(IngestSettings, {}, **values), file, broker))
        return runs[-1]

    yield start
    assert max((run.stop() for run in runs), default=0.0) < STOP_SECONDS * 4


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on, for TCP and UDP."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", 0))
        return int(tcp.getsockname()[1])


@pytest.fixture
def metric() -> Callable[..., float]:
    """The present value of a metric's sample."""

    def value(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    return value
