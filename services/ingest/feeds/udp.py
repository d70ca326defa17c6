"""`udp://host:port,host:port`: datagrams of one or more lines; the sender's address is the station unless they say better."""

import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import structlog

from fairway import telemetry
from services.ingest.addresses import Address, addresses_of
from services.ingest.feeds.cut_lines import CutLines
from services.ingest.feeds.datagrams import MOST_AT_ONCE, Receiver, receiver_of
from services.ingest.feeds.udp_socket import Drops, listen
from services.ingest.live_feed import LiveFeed
from services.ingest.options import Options
from services.ingest.source import Feed, Means, Reading

log = structlog.get_logger()

LONGEST_DATAGRAM = 65_535
MOST_CALLS = 4  # of the system for one port, before the others are looked at again
IDLE_SECONDS = 0.5
GATHER_SECONDS = (
    0.0005  # after datagrams came: those of a loud feed are cheaper together, and far fewer than a buffer holds
)
DROPS_SECONDS = 5.0  # how often the kernel is asked what it dropped


@dataclass(frozen=True)
class UdpListener:
    """Listens on one or more addresses; joins the group when one is a multicast address.

    `interface` is the local address (IPv4) or the name (IPv6) of the interface on which groups are joined.
    """

    listening: tuple[Address, ...]
    interface: str | None = None
    is_live = True
    name = ""

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """Option: interface. Raises BadSetting."""
        return [UdpListener(addresses_of(address, "udp"), options.take("interface", str, None))]

    def read(self, reading: Reading, means: Means) -> None:
        """Read datagrams until stopped. Raises BadSetting when an address cannot be listened on."""
        with ExitStack() as stack:
            sockets = [stack.enter_context(listen(address, self.interface)) for address in self.listening]
            selector = stack.enter_context(selectors.DefaultSelector())
            for each in sockets:
                selector.register(each, selectors.EVENT_READ)
            feed = stack.enter_context(means.live_feed(reading, longest_document=LONGEST_DATAGRAM))
            for each in sockets:
                log.info(
                    "listening",
                    source=feed.tail,
                    address=f"udp://{Address(*each.getsockname()[:2])}",
                    buffer_bytes=each.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF),
                )
            telemetry.feed_connected.labels(feed.tail).set(1)
            ear = _Ear(feed, sockets)
            while not means.stop.is_set():
                ready = [key.fd for key, _ in selector.select(ear.patience_seconds())]
                ear.listen(ready)
                if ready:
                    time.sleep(GATHER_SECONDS)
            ear.close()
        telemetry.feed_connected.labels(reading.source.tail).set(0)


class _Ear:
    """Takes what has come, keeps lines that are cut, and asks the kernel what it dropped."""

    def __init__(self, feed: LiveFeed, sockets: list[socket.socket]) -> None:
        self._feed = feed
        self._cut = CutLines()
        self._drops = Drops(sockets)
        self._receivers = {each.fileno(): receiver_of(each) for each in sockets}
        self._asked = time.monotonic()
        telemetry.udp_drops.labels(feed.tail)  # so that a scrape shows 0 rather than nothing

    def patience_seconds(self) -> float:
        """How long nothing needs to be done."""
        return min(self._feed.patience_seconds(IDLE_SECONDS), self._cut.patience_seconds(IDLE_SECONDS))

    def listen(self, ready: Sequence[int]) -> None:
        """Take the datagrams of these sockets, and do what is due."""
        now = time.monotonic()
        for descriptor in ready:
            for station, lines in _by_station(self._receivers[descriptor], self._cut, now).items():
                self._feed.take(lines, station)
        for sender, line in self._cut.due(now):
            self._feed.take([line], sender[0])
        self._feed.idle()
        if now - self._asked > DROPS_SECONDS:
            self._asked = now
            self._count_drops()

    def close(self) -> None:
        """Take what is cut as it is."""
        for sender, line in self._cut.due(float("inf")):
            self._feed.take([line], sender[0])
        self._count_drops()

    def _count_drops(self) -> None:
        dropped = self._drops.since_last()
        if dropped:
            telemetry.udp_drops.labels(self._feed.tail).inc(dropped)
            log.warning("datagrams were dropped", source=self._feed.tail, datagrams=dropped)


def _by_station(receiver: Receiver, cut: CutLines, now: float) -> dict[str, list[bytes]]:
    """The lines of the datagrams that wait, those of one station together in the order in which they came."""
    found: dict[str, list[bytes]] = {}
    for _ in range(MOST_CALLS):
        datagrams = receiver.take()
        for datagram, sender in datagrams:
            lines = cut.lines_of(datagram, sender, now)
            known = found.get(sender[0])
            if known is None:
                found[sender[0]] = lines
            else:
                known += lines
        if len(datagrams) < MOST_AT_ONCE:
            break
    return found
