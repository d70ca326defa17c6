r"""The compiled reader of usual lines (usual.c), which reads many at a time into columns; None where no compiler was at hand.

    !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26
    \s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06
    2021-11-01T13:26:28.392 !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26
    !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26,d-095,S1651,r3669963,1429287142
    $PGHP,1,2014,4,10,13,30,29,165,219,,2190067,1,26*2C

Usual are whole messages, and both parts of one that follow each other, printable, all checksums right; what of these forms stands
around them, or on lines before; and blank lines and sentences of other devices. The first part of a tag-block group is usual, and
its second if it comes next.
"""

from collections.abc import Callable, Collection
from typing import TypeAlias

# What it counts of line_format.IGNORED, in its order.
IGNORED = ("blank", "tag_block_only", "source_line", "other_sentence")

Column: TypeAlias = tuple[bytes, ...]
Group: TypeAlias = tuple[str, str | None, int]
Found: TypeAlias = tuple[int, tuple[Column, Column, Column], int, tuple[int, int, int, int], list[Group], int]
ReadUsual: TypeAlias = Callable[
    [list[bytes], int, int, bytes, bytes, bytes, tuple[int, int], Collection[bytes] | None], Found
]

READ: ReadUsual | None
try:
    from services.ingest.usual import read as READ
except ImportError:
    READ = None
