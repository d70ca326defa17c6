"""Free loopback ports, chosen once and kept, so that a restarted server is found where it was."""

import socket
import threading
from random import SystemRandom

from fairway.stack.errors import StackError
from fairway.stack.state import StateFile

# Below the range from which Linux takes the local ends of outgoing connections (32768 up): no connection can
# occupy a port of ours while its server is down. No well-known server listens by default in these.
PORTS = range(28100, 32700)
ATTEMPTS = 200

_CHOOSING = threading.Lock()  # both servers choose at the same time
_CLAIMS: list[socket.socket] = []


def choose_port(state: StateFile, name: str) -> int:
    """The kept port of that name if it is still free, otherwise a new one, which is kept. Raises StackError."""
    with _CHOOSING:
        kept = state.get(f"port.{name}")
        if kept is not None and is_free(int(kept)):
            return int(kept)
        port = _new_port({value for key, value in state.all().items() if key.startswith("port.")})
        state.put(f"port.{name}", str(port))
        return port


def kept_port(state: StateFile, name: str) -> int:
    """The port chosen before. Raises StackError when the stack was never started."""
    port = state.get(f"port.{name}")
    if port is None:
        raise StackError("The local stack has never been started here; start it with `fairway up`.")
    return int(port)


def is_free(port: int) -> bool:
    """Whether nobody listens on the port of either loopback address, by TCP or by UDP."""
    return all(
        _can_bind(socket.AF_INET, "127.0.0.1", port, kind)
        and (not _has_ipv6_loopback() or _can_bind(socket.AF_INET6, "::1", port, kind))
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    )


def _new_port(taken: set[str]) -> int:
    random = SystemRandom()
    for _ in range(ATTEMPTS):
        port = random.choice(PORTS)
        if str(port) not in taken and is_free(port) and _claim(port):
            return port
    raise StackError(
        f"No free port between {PORTS.start} and {PORTS.stop} was found; stop something that listens there."
    )


def _claim(port: int) -> bool:
    """Whether no other stack has just chosen the port: its server may take seconds until it listens.

    A claim is a Unix socket without a file (unix(7), abstract), known to the whole machine until this process ends.
    """
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0fairway-port-{port}")
    except OSError:
        claim.close()
        return False
    _CLAIMS.append(claim)
    return True


def _has_ipv6_loopback() -> bool:
    return socket.has_ipv6 and _can_bind(socket.AF_INET6, "::1", 0)


def _can_bind(
    family: socket.AddressFamily, address: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM
) -> bool:
    try:
        with socket.socket(family, kind) as probe:
            if kind is socket.SOCK_STREAM:
                # As the servers do: connections of the last run that linger in TIME_WAIT do not make a port taken.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError:
        return False
    return True
