"""Sockets that listen for datagrams, and what the kernel dropped at them."""

import ipaddress
import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from fairway.errors import BadSetting
from services.ingest.addresses import Address

BUFFER_BYTES = 8 << 20  # asked of the kernel, for bursts while we are busy; it gives what its limit allows
TABLES = (Path("/proc/net/udp"), Path("/proc/net/udp6"))
INODE, DROPS = 9, 12  # columns of these tables (Linux, Documentation/networking/proc_net_tcp.rst; net/ipv4/udp.c)


def listen(address: Address, interface: str | None) -> socket.socket:
    """A socket that does not block. Raises BadSetting."""
    try:
        return _bound(address, interface)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadSetting(f"cannot listen on udp://{address}: {reason}") from error


def _bound(address: Address, interface: str | None) -> socket.socket:
    family, _, _, _, place = socket.getaddrinfo(*address, type=socket.SOCK_DGRAM)[0]
    server = socket.socket(family, socket.SOCK_DGRAM)
    try:
        server.setblocking(False)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        group = ipaddress.ip_address(place[0])
        if group.is_multicast:  # other programs on this machine may listen to the same group
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(place)
        if group.is_multicast:
            _join(server, group, interface, scope=int(place[3]) if len(place) == 4 else 0)
    except (OSError, ValueError):
        server.close()
        raise
    return server


def _join(
    server: socket.socket, group: ipaddress.IPv4Address | ipaddress.IPv6Address, interface: str | None, scope: int
) -> None:
    if group.version == 4:
        local = socket.inet_aton(interface or "0.0.0.0")
        server.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group.packed + local)
    else:
        index = socket.if_nametoindex(interface) if interface else scope
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group.packed + struct.pack("@I", index))


class Drops:
    """Datagrams that came while the sockets' buffers were full. Where the system does not tell, none."""

    def __init__(self, sockets: Sequence[socket.socket], tables: Sequence[Path] = TABLES) -> None:
        self._inodes = {str(os.fstat(each.fileno()).st_ino) for each in sockets}
        self._tables = tables
        self._told = 0

    def since_last(self) -> int:
        """How many since this was asked last, or since the sockets were opened."""
        dropped = sum(self._dropped(table) for table in self._tables)
        new, self._told = max(0, dropped - self._told), dropped
        return new

    def _dropped(self, table: Path) -> int:
        try:
            rows = [line.split() for line in table.read_text().splitlines()[1:]]
        except OSError:
            return 0
        return sum(int(row[DROPS]) for row in rows if len(row) > DROPS and row[INODE] in self._inodes)
