"""Lines from chunks of bytes, as sockets and files give them; an endless line cannot grow memory."""

from services.ingest.framing import LONGEST_LINE


class LineSplitter:
    """Carries the unfinished end of one chunk over to the next."""

    def __init__(self) -> None:
        self._rest = b""

    def split(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, without line ends."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()[
            : LONGEST_LINE + 1
        ]  # the rest of a longer line is cut: it is ignored as too long anyhow
        return lines

    def finish(self) -> list[bytes]:
        """The last line, when the stream ended without a line end."""
        rest, self._rest = self._rest, b""
        return [rest] if rest else []
