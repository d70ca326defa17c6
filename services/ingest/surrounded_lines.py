r"""Finds lines of a usual sentence with text before or behind it, as logs have them, a column at a time (see usual_lines.py).

2021-11-01T13:26:28.392 !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26
!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26,d-095,S1651,r3669963,1429287142
"""

import numpy as np

from services.ingest.marks import Marks, Places
from services.ingest.rows import BLANKS, OTHER_FORMATS
from services.ingest.usual_lines import UsualLines, are_in_rows

_BEGINS_NO_PREFIX = np.zeros(256, np.bool_)
_BEGINS_NO_PREFIX[list((OTHER_FORMATS + BLANKS + "#").encode())] = True


def find(marks: Marks, longest: int, in_a_row: int) -> UsualLines | None:
    """As usual_lines.find; None also when surroundings are equal less often than that on average.

    Tag blocks, source lines and what may be another format are not among them.
    """
    text = marks.text
    rows, bangs, stars = marks.lone_sentences()
    begins, feeds = marks.begins[rows], marks.feeds[rows]
    is_right = (feeds - begins <= longest) & ((bangs == begins) | ~_BEGINS_NO_PREFIX[marks.data[begins]])
    rows, bangs, ends = rows[is_right], bangs[is_right], stars[is_right] + len("*hh")
    is_usual = np.zeros(len(marks.ends), np.bool_)
    is_usual[rows] = True
    if not are_in_rows(is_usual, in_a_row):
        return None
    before, behind = _between(text, marks.begins[rows], bangs), _between(text, ends, marks.feeds[rows])
    surroundings = list(zip(before, behind, strict=True))
    if in_a_row * len(set(surroundings)) > len(rows):  # where hardly two are equal the lines are as cheap one by one
        return None
    return UsualLines(is_usual, _between(text, bangs, ends), [b""] * len(rows), surroundings=surroundings)


def _between(text: bytes, begins: Places, ends: Places) -> list[bytes]:
    if bool((begins == ends).all()):
        return [b""] * len(begins)
    return [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
