"""The command does what it says, and says in one sentence why it cannot."""

import json
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.__main__ import app

SECONDS = 20  # for a process on a busy machine; none needs a tenth of it


def simulate(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stderr


def test_the_same_command_writes_the_same_file(tmp_path: Path) -> None:
    for name in ("one.nmea", "two.nmea"):
        assert simulate("--to", f"file:{tmp_path}/{name}", "--count", "500", "--seed", "9")[0] == 0

    assert (tmp_path / "one.nmea").read_bytes() == (tmp_path / "two.nmea").read_bytes()
    assert (tmp_path / "one.nmea").read_bytes().startswith(b"\\s:sim-1,c:17672256000")


def test_duration_is_simulated_time_for_a_file(tmp_path: Path) -> None:
    to, truth = f"file:{tmp_path}/hour.nmea", tmp_path / "truth.ndjson"
    start = "2026-05-06T07:00:00Z"

    code, _ = simulate("--to", to, "--vessels", "5", "--duration", "3600", "--start", start, "--truth", str(truth))

    times = [json.loads(line)["event_time"] for line in truth.read_text().splitlines()]
    assert code == 0
    assert times[0] >= start[:-1]
    assert "2026-05-06T07:59:30" < times[-1] < "2026-05-06T08:00:00"


def test_live_messages_over_udp_carry_the_time_of_now() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(SECONDS)
        before = datetime.now(UTC).timestamp() * 1000
        code, _ = simulate("--to", f"udp://127.0.0.1:{receiver.getsockname()[1]}", "--rate", "500", "--count", "20")
        line = receiver.recv(2000)

    epoch_ms = int(line.partition(b"c:")[2].partition(b"*")[0])
    assert code == 0
    assert before - 1 <= epoch_ms <= datetime.now(UTC).timestamp() * 1000


def test_stations_are_named_in_tag_blocks(tmp_path: Path) -> None:
    simulate("--to", f"file:{tmp_path}/t.nmea", "--count", "300", "--station", "west", "--station", "east")

    traffic = (tmp_path / "t.nmea").read_bytes()
    assert b"s:west,c:" in traffic
    assert b"s:east,c:" in traffic


def test_tag_blocks_can_be_left_out(tmp_path: Path) -> None:
    simulate("--to", f"file:{tmp_path}/t.nmea", "--count", "300", "--no-tag-blocks")

    assert b"\\" not in (tmp_path / "t.nmea").read_bytes()


def test_says_at_the_end_what_was_sent(tmp_path: Path) -> None:
    to = f"file:{tmp_path}/t.nmea"

    assert simulate("--to", to, "--count", "10")[1].startswith("sent 10 messages in ")
    assert simulate("--to", to, "--count", "10", "--quiet")[1] == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--to", "gopher://x:1"], "is not a destination"),
        (["--to", "udp://127.0.0.1"], "needs a host and a port"),
        (["--to", "file:/no/such/folder/x", "--count", "1"], "cannot write to"),
        (["--to", "file:endless.nmea"], "needs --count or --duration"),
        (["--vessels", "0"], "--vessels must be 1 to 100000"),
        (["--rate", "-1"], "--rate must be 0 to"),
        (["--rate", "nan"], "--rate must be 0 to"),
        (["--count", "0"], "--count must be 1 or more"),
        (["--duration", "0"], "--duration must be more than 0"),
        (["--start", "yesterday", "--clock", "simulated"], "is not a time like"),
        (["--start", "2026-01-01T00:00:00", "--clock", "simulated"], "needs a time zone"),
        (["--start", "2026-01-01T00:00:00Z"], "--start needs --clock simulated"),
        (["--station", "a,b"], "must be 1 to 15 letters"),
        (["--lines-per-datagram", "0"], "--lines-per-datagram must be"),
        (["--truth", "/no/such/folder/x", "--count", "1"], "cannot write the truth to"),
    ],
)
def test_a_bad_value_is_one_sentence_and_exit_code_2(arguments: list[str], sentence: str) -> None:
    code, errors = simulate(*arguments)

    assert code == 2
    assert sentence in errors
    assert errors.count("\n") == 1
    assert "Traceback" not in errors


def test_an_unreachable_server_is_one_sentence_and_exit_code_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    code, errors = simulate("--to", f"tcp://127.0.0.1:{port}")

    assert code == 1
    assert errors.startswith(f"simulate: cannot connect to 127.0.0.1:{port}")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "simulator", "--to", "-", "--clock", "live", "--rate", "100"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        output, errors = process.communicate(timeout=SECONDS)

    assert process.returncode == 0
    assert not output or output.endswith(b"\r\n")
    assert errors.startswith(b"sent ")


def test_a_reader_that_has_had_enough_is_no_failure() -> None:
    command = [sys.executable, "-m", "simulator", "--to", "-", "--rate", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"\\s:sim-1")
        process.stdout.close()
        assert process.wait(SECONDS) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
