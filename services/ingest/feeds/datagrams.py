"""Takes the datagrams that wait at a socket, many with one call of the system where it can (Linux: recvmmsg)."""

import ctypes
import socket
import sys
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from services.ingest.feeds.cut_lines import Sender
from services.ingest.feeds.stations import station_of

Datagram = tuple[bytes, Sender]

MOST_AT_ONCE = 128  # datagrams of one call
LONGEST = 1 << 16  # bytes; memory that no datagram reaches is never touched
MOST_SENDERS = 4_096  # whose addresses are remembered as text
_ADDRESS_BYTES = 28  # of IPv6; IPv4 has fewer


class Receiver(Protocol):
    """The datagrams of one socket."""

    def take(self) -> list[Datagram]:
        """Those that wait, at most MOST_AT_ONCE, oldest first. Does not block; an error of an earlier one counts as none."""


def receiver_of(ear: socket.socket) -> Receiver:
    """The best that this system has."""
    call = _recvmmsg()
    return OneByOne(ear) if call is None else Many(ear, call)


class OneByOne:
    """A Receiver that any system has."""

    def __init__(self, ear: socket.socket) -> None:
        self._ear = ear

    def take(self) -> list[Datagram]:
        found: list[Datagram] = []
        try:
            while len(found) < MOST_AT_ONCE:
                datagram, (host, port, *_scope) = self._ear.recvfrom(LONGEST)
                found.append((datagram, (station_of(host), port)))
        except OSError:
            pass  # there is none left, or the network told of an error of an earlier one
        return found


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    """struct msghdr (recvmsg(2))."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.POINTER(_Vector)),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """struct mmsghdr (recvmmsg(2))."""

    _fields_ = (("header", _Header), ("received", ctypes.c_uint))


def _recvmmsg() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    call: Any = getattr(ctypes.CDLL(None), "recvmmsg", None)
    if call is not None:
        call.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)
    return call  # type: ignore[no-any-return]


class Many:
    """A Receiver that asks once for all; the memory for it is there from the start."""

    def __init__(self, ear: socket.socket, call: Callable[..., int]) -> None:
        self._call, self._descriptor, self._family = call, ear.fileno(), ear.family
        self._memory = np.empty(MOST_AT_ONCE * LONGEST, np.uint8)
        self._names = np.zeros(MOST_AT_ONCE * _ADDRESS_BYTES, np.uint8)
        self._vectors = (_Vector * MOST_AT_ONCE)()
        self._messages = (_Message * MOST_AT_ONCE)()
        for at, (vector, message) in enumerate(zip(self._vectors, self._messages, strict=True)):
            header = message.header
            vector.base, vector.length = self._memory.ctypes.data + at * LONGEST, LONGEST
            header.name = self._names.ctypes.data + at * _ADDRESS_BYTES
            header.vectors, header.vector_count = ctypes.pointer(vector), 1
        self._lengths = self._column(_Message.received.offset)
        self._name_lengths = self._column(_Message.header.offset + _Header.name_length.offset)
        self._bytes = self._memory.data
        self._senders: dict[bytes, Sender] = {}

    def take(self) -> list[Datagram]:
        self._name_lengths[:] = _ADDRESS_BYTES  # the system writes here how long each is
        count = self._call(self._descriptor, self._messages, MOST_AT_ONCE, socket.MSG_DONTWAIT, None)
        if count <= 0:
            return []
        names, memory = self._names[: count * _ADDRESS_BYTES].tobytes(), self._bytes
        return [
            (
                memory[at * LONGEST : at * LONGEST + length].tobytes(),
                self._sender(names[at * _ADDRESS_BYTES : (at + 1) * _ADDRESS_BYTES]),
            )
            for at, length in enumerate(self._lengths[:count].tolist())
        ]

    def _sender(self, name: bytes) -> Sender:
        known = self._senders.get(name)
        if known is None:
            if len(self._senders) >= MOST_SENDERS:
                self._senders.clear()
            known = self._senders[name] = sender_of(name, self._family)
        return known

    def _column(self, offset: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        return np.ndarray((MOST_AT_ONCE,), np.uint32, memoryview(self._messages), offset, (ctypes.sizeof(_Message),))


def sender_of(name: bytes, family: int) -> Sender:
    """What a struct sockaddr_in or sockaddr_in6 says: family, then port, then the address (ip(7), ipv6(7))."""
    address = name[8:24] if family == socket.AF_INET6 else name[4:8]
    return station_of(socket.inet_ntop(family, address)), int.from_bytes(name[2:4], "big")
