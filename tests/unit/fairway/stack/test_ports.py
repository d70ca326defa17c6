"""Which ports are free."""

import socket
from pathlib import Path

import pytest

from fairway.stack.ports import choose_port, is_free
from fairway.stack.state import StateFile


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_that_somebody_has_is_not_free(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind is socket.SOCK_STREAM:
            other.listen()

        assert not is_free(other.getsockname()[1])


def test_a_chosen_port_is_claimed_before_its_server_listens(tmp_path: Path) -> None:
    """Two stacks that start at the same time do not choose the same."""
    port = choose_port(StateFile(tmp_path / "state.json"), "postgres")
    with socket.socket(socket.AF_UNIX) as other, pytest.raises(OSError, match="in use"):
        other.bind(f"\0fairway-port-{port}")
