"""The lines of a message body: as reports for the rules, and those of them that were kept as a body again."""

from dataclasses import dataclass

import numpy as np

from fairway import records
from services.filter.reports import Flags, Places, Reports, of_records


@dataclass(frozen=True)
class Lines:
    """Where the line of each report begins and ends, its line feed included, in `body`, which ends with one."""

    body: bytes
    reports: Reports
    begins: Places
    ends: Places

    def of(self, kept: Flags) -> bytes:
        """The lines of the kept reports as they came; neighbours are copied at once."""
        begins, ends = self.begins[kept], self.ends[kept]
        if not len(begins):
            return b""
        apart = np.flatnonzero(begins[1:] != ends[:-1])
        firsts = begins[np.concatenate(([0], apart + 1))].tolist()
        lasts = ends[np.append(apart, len(ends) - 1)].tolist()
        body = self.body
        return b"".join([body[first:last] for first, last in zip(firsts, lasts, strict=True)])


def read(body: bytes) -> Lines:
    """The decoded records of a body. Raises msgspec.MsgspecError when a line is not one, or ValueError for a strange time."""
    if not body.endswith(b"\n"):
        body += b"\n"
    decoded = records.decode_decoded(body)
    ends = np.flatnonzero(np.frombuffer(body, np.uint8) == ord("\n")) + 1
    begins = np.concatenate(([0], ends[:-1]))
    if len(decoded) != len(ends):  # blank lines among them: not from our decoder
        lines = [line for line in body.split(b"\n") if line.strip()]
        return read(b"\n".join([*lines, b""])) if lines else Lines(body, of_records([]), ends[:0], ends[:0])
    return Lines(body, of_records(decoded), begins, ends)
