"""What a service says about itself, and what it must not say."""

import socket
import urllib.request
from collections.abc import Iterator

import pytest
import structlog

from fairway.errors import BadSetting
from fairway.telemetry import serve, start_logging

HOST = "127.0.0.1"


@pytest.fixture
def logging() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_health_is_served_on_a_free_port() -> None:
    port = serve(HOST, 0, lambda: None)
    with urllib.request.urlopen(f"http://{HOST}:{port}/readyz") as answer:
        assert answer.read() == b"ok\n"


def test_a_port_in_use_is_one_sentence_that_names_the_setting() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSetting, match=f"FAIRWAY_METRICS_PORT={port} cannot be served: Address already in use"):
            serve(HOST, port, lambda: None)


@pytest.mark.parametrize("host", ["192.0.2.1", "256.256.256.256", "a..b"])
def test_a_host_that_is_not_ours_is_one_sentence_that_names_the_setting(host: str) -> None:
    with pytest.raises(BadSetting, match=f"FAIRWAY_METRICS_HOST={host} is not") as caught:
        serve(host, 0, lambda: None)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("logging")
@pytest.mark.parametrize("style", ["console", "json"])
def test_a_trace_does_not_show_the_values_of_variables(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(style, "info", "test")
    secret = "".join(["pass", "word"])
    try:
        raise RuntimeError(len(secret))
    except RuntimeError:
        structlog.get_logger().exception("failed")
    shown = capsys.readouterr().err
    assert "RuntimeError" in shown
    assert secret not in shown
