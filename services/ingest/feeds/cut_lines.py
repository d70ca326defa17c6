"""Lines that a sender cut over two datagrams: the end of one waits a little for the beginning of the next."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

Sender = tuple[str, int]  # station and port

MOST_SENDERS = 1_000  # whose cut line is kept
LONGEST_CUT = 1 << 14  # bytes
WAIT_SECONDS = 0.5  # for the rest
STARTS = b"!\\${["  # what begins a line is no rest of one

# A sentence up to its checksum, or a JSON value: nothing need follow.
_WHOLE = re.compile(rb"\*[0-9A-Fa-f]{2}\s*\Z|[}\]>]\s*\Z")


class _Cut(NamedTuple):
    line: bytes
    since: float


class CutLines:
    """Of a datagram without a line end the last line is kept, unless it looks whole, until its sender goes on.

    The sender's next datagram continues it unless it begins as a line does.
    """

    def __init__(self) -> None:
        self._cut: OrderedDict[Sender, _Cut] = OrderedDict()

    def lines_of(self, datagram: bytes, sender: Sender, now: float) -> list[bytes]:
        """The whole lines that this datagram gives, with what was kept of its sender before or in the first of them."""
        lines = datagram.rstrip(b"\0").split(b"\n")
        if not lines[-1] and sender not in self._cut:
            lines.pop()
            return lines
        kept = self._cut.pop(sender, None)
        if kept is not None and lines[0] and lines[0][0] in STARTS:
            lines.insert(0, kept.line)
        elif kept is not None:
            lines[0] = kept.line + lines[0]
        rest = lines.pop()
        if rest and not self._keep(rest, sender, now):
            lines.append(rest)
        return lines

    def due(self, now: float) -> Iterator[tuple[Sender, bytes]]:
        """What has waited too long: a line as it is."""
        while self._cut:
            sender, cut = next(iter(self._cut.items()))
            if len(self._cut) <= MOST_SENDERS and now - cut.since < WAIT_SECONDS:
                return
            del self._cut[sender]
            yield sender, cut.line

    def patience_seconds(self, idle: float) -> float:
        """How long `due` need not be asked."""
        return min(idle, WAIT_SECONDS / 2) if self._cut else idle

    def _keep(self, rest: bytes, sender: Sender, now: float) -> bool:
        is_row = not any(start in rest for start in STARTS)  # of a table: nobody knows whether it is whole
        if is_row or len(rest) > LONGEST_CUT or _WHOLE.search(rest, max(0, len(rest) - 8)):
            return False
        self._cut[sender] = _Cut(rest, now)
        return True
