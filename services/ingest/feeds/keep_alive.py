"""TCP's own question whether the other side is still there, for connections on which it may say nothing for long."""

import socket

IDLE_SECONDS = 30
INTERVAL_SECONDS = 10
PROBES = 3  # then a machine that vanished without a word is found out after a minute


def keep_alive(connection: socket.socket) -> None:
    """Have the kernel ask; what a system does not know is left at its default."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {"TCP_KEEPIDLE": IDLE_SECONDS, "TCP_KEEPINTVL": INTERVAL_SECONDS, "TCP_KEEPCNT": PROBES}
    for name, value in options.items():
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
