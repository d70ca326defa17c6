r"""Takes many lines apart at once: those that hold one message, or a part of one, or tell about the sentence to come.

2021-11-01T13:26:28.392 \s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06,r003669945,1671533232
prefix                  tag block                  sentence                                       trailing
"""

import re
from collections.abc import Sequence

from services.ingest.nmea import are_sound

OTHER_FORMATS = "{[<"  # a line that begins so may be another format's, if what it holds is in quotation marks
BLANKS = " \t\r"  # that may stand before it

# Groups: prefix, tag block, sentence or source line, its part numbers, trailing, a tag block alone. Those not found are empty.
Groups = tuple[str, str, str, str, str, str]
Row = tuple[Groups, bool, bool]  # and whether the sums of the sentence and of the block are right, where there are any

_FIELD = r"[^,*\r\n!]*"
_SENTENCE = rf"![0-9A-Z]{{2}}VD[MO],([1-9],[1-9]),{_FIELD},{_FIELD},{_FIELD},{_FIELD}\*[0-9A-F]{{2}}"
_SOURCE_LINE = r"\$PGHP,[^*!\\\r\n]*\*[0-9A-F]{2}"
_BLOCK = r"\\[^!$\\\r\n]*\*[0-9A-Fa-f]{2}"
_USUAL = re.compile(
    rf"^([^!\\$\r\n]*)(?:({_BLOCK})\\)?({_SENTENCE}|{_SOURCE_LINE})([^!$\\\r\n]*)\r?$|^({_BLOCK})\\\r?$|^.*$",
    re.MULTILINE,
)
_NOT_A_PREFIX = OTHER_FORMATS + BLANKS + "#"


def take_apart(lines: Sequence[bytes], longest: int) -> list[Row] | None:
    """A row for each line; None when they must be read one by one, because one is longer than `longest` bytes."""
    if max(map(len, lines)) > longest:
        return None
    rows: list[Groups] = _USUAL.findall(b"\n".join(lines).decode("latin-1"))
    if len(rows) != len(lines):
        return None
    sentences_are_right = are_sound([row[2] for row in rows])
    blocks_are_right = are_sound([row[1] or row[5] for row in rows])
    return list(zip(rows, sentences_are_right, blocks_are_right, strict=True))


def is_no_prefix(text: str) -> bool:
    """Of what stands before a sentence: whether it begins like another format or a comment."""
    if not text or text[0] not in _NOT_A_PREFIX:
        return False
    return text[0] == "#" or (text.lstrip(BLANKS).startswith(tuple(OTHER_FORMATS)) and '"' in text)
