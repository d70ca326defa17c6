"""Places of the network's own messages that nobody uses: null together, as the decoder has them.

A message has room for up to four stations or reservations, and zeros where it needs fewer (M.1371-5, Messages 7, 13, 15, 16, 20).
"""

from collections.abc import Mapping

Unused = tuple[tuple[str, ...], tuple[str, ...]]  # without any of the former, the latter mean nothing

_ACKNOWLEDGED: tuple[Unused, ...] = tuple(((f"dest_mmsi_{place}",), (f"seqno_{place}",)) for place in range(1, 5))

UNUSED: Mapping[int, tuple[Unused, ...]] = {
    7: _ACKNOWLEDGED,
    13: _ACKNOWLEDGED,
    15: (
        (("type_1_2",), ("offset_1_2",)),
        (("dest_mmsi_2",), ("type_2_1", "offset_2_1")),
    ),
    16: ((("dest_mmsi_2",), ("offset_2", "increment_2")),),
    20: tuple(
        ((f"offset_{place}", f"number_{place}", f"timeout_{place}"), (f"increment_{place}",)) for place in range(1, 5)
    ),
}


def forget_unused(found: dict[str, object], msg_type: int) -> None:
    """Take out of `found` what means nothing without the fields it belongs to."""
    for keys, names in UNUSED.get(msg_type, ()):
        if not any(key in found for key in keys):
            for name in names:
                found.pop(name, None)
