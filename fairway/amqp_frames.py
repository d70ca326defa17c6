"""Bodies of a megabyte through pika with one copy each way; pika itself makes three when it sends and four when it receives.

AMQP cuts a body into frames of up to 128 KiB (AMQP 0-9-1, 4.2.3), which is also the largest that pika takes:

    type    1 byte, 3 for a piece of a body
    channel 2 bytes
    size    4 bytes, of what follows without the end
    ...
    end     1 byte, 206

pika has no setting for this, and `BlockingConnection` takes another connection than its own by an argument that it keeps for
tests. Nothing of the protocol is done here: all frames but those of bodies, and what becomes of any frame, are pika's.
"""

from struct import Struct
from typing import Any

from pika import frame, spec
from pika.adapters.select_connection import SelectConnection
from pika.adapters.utils import io_services_utils

# pika asks the kernel for 4 KiB at a time. A body that comes in one piece is the cheapest; what has not come takes no memory.
# In a version of pika with other names nothing changes.
RECEIVED_AT_ONCE = {"_MAX_RECV_BYTES": 1 << 21, "_MAX_CONSUME_BYTES": 1 << 21}
TRANSPORT = getattr(io_services_utils, "_AsyncTransportBase", type)
for _name in RECEIVED_AT_ONCE.keys() & vars(TRANSPORT).keys():
    setattr(TRANSPORT, _name, RECEIVED_AT_ONCE[_name])

_HEAD = Struct(">BHL")
_END = bytes([spec.FRAME_END])


class FramedConnection(SelectConnection):  # type: ignore[misc]  # pika says its types to nobody
    """pika's connection; what it overrides is as in pika, but for the copies."""

    _frame_buffer: bytes

    def _send_message(self, channel_number: int, method_frame: Any, content: tuple[Any, bytes]) -> None:
        """Hand a message to the transport as one buffer; of a view of it, what is not yet sent is no copy."""
        properties, body = content
        pieces: list[bytes | memoryview] = [
            frame.Method(channel_number, method_frame).marshal(),
            frame.Header(channel_number, len(body), properties).marshal(),
        ]
        view, most = memoryview(body), self._body_max_length
        for start in range(0, len(body), most):
            part = view[start : start + most]
            pieces += (_HEAD.pack(spec.FRAME_BODY, channel_number, len(part)), part, _END)
        self._output_marshaled_frames([memoryview(b"".join(pieces))])

    def _on_data_available(self, data_in: bytes) -> None:
        """Take what has come from the transport, frame by frame; the start of one that is not whole yet is kept."""
        if not self.is_open:  # the other side may still answer with something else than frames
            super()._on_data_available(data_in)
            return
        data, at = self._frame_buffer + data_in, 0
        while (found := _frame(data, at)) is not None:
            value, end = found
            self.bytes_received += end - at  # by which pika tells whether the other side lives
            at = end
            self._process_frame(value)
        self._frame_buffer = data[at:]


def _frame(data: bytes, at: int) -> tuple[Any, int] | None:
    """The frame that begins at a place, and where it ends; None when it is not whole. Raises pika's InvalidFrameError."""
    if at + _HEAD.size > len(data):
        return None
    kind, channel, size = _HEAD.unpack_from(data, at)
    end = int(at + _HEAD.size + size + len(_END))
    if end > len(data):
        return None
    if kind == spec.FRAME_BODY and data[end - 1] == spec.FRAME_END:
        return frame.Body(channel, memoryview(data)[at + _HEAD.size : end - 1]), end  # pika joins these to the body
    return frame.decode_frame(data[at:end])[1], end
