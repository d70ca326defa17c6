"""Our connection reads and writes the frames that pika's own does, however they are cut; what is tested needs no server."""

import inspect
from typing import Any

import pika
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika import exceptions, frame, spec
from pika.adapters.select_connection import SelectConnection

from fairway import amqp_frames
from fairway.amqp_frames import FramedConnection


class Unconnected:
    """Of a connection what frames go through. `MOST` bytes of a body are in a frame."""

    MOST = 10

    def __init__(self) -> None:
        self._frame_buffer = b""
        self._body_max_length = self.MOST
        self.connection_state = SelectConnection.CONNECTION_OPEN
        self.bytes_received = self.bytes_sent = self.frames_sent = 0
        self.taken: list[tuple[type, bytes]] = []
        self.sent = b""

    def _process_frame(self, value: Any) -> None:
        if isinstance(value, frame.Body):
            value.fragment = bytes(value.fragment)
        self.taken.append((type(value), value.marshal()))

    def _adapter_emit_data(self, data: bytes) -> None:
        self.sent += data


class Ours(Unconnected, FramedConnection):
    """The frames that it takes and sends are noted."""


class Pikas(Unconnected, SelectConnection):  # type: ignore[misc]
    """The same."""


def outcome(connection: Any, pieces: list[bytes]) -> tuple[Any, ...]:
    """What a connection makes of pieces of a stream: frames, what it keeps, its count of bytes, and its complaint."""
    error = None
    try:
        for piece in pieces:
            connection._on_data_available(piece)
    except Exception as raised:
        error = (type(raised), str(raised))
        return connection.taken, error
    return connection.taken, connection._frame_buffer, connection.bytes_received, error


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data in pieces that begin at these places."""
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False) if end > begin]


frames = st.one_of(
    st.builds(lambda number: frame.Method(1, spec.Basic.Ack(number)), st.integers(0, 2**63)),
    st.builds(
        lambda tag, key: frame.Method(2, spec.Basic.Deliver("c", tag, False, "ais", key)),
        st.integers(0, 9),
        st.just("raw.ais.x"),
    ),
    st.builds(
        lambda size, records: frame.Header(
            1, size, pika.BasicProperties(message_id="id", headers={"records": records})
        ),
        st.integers(0, 2**40),
        st.integers(0, 9),
    ),
    st.builds(lambda channel, body: frame.Body(channel, body), st.integers(0, 2047), st.binary(max_size=40)),
    st.builds(frame.Heartbeat),
)
streams = st.lists(frames, max_size=12).map(lambda found: b"".join(one.marshal() for one in found))
places = st.lists(st.integers(0, 1000), max_size=12)


@given(streams, places)
def test_frames_are_read_as_pika_reads_them_wherever_they_are_cut(stream: bytes, at: list[int]) -> None:
    assert outcome(Ours(), cut(stream, at)) == outcome(Pikas(), cut(stream, at))


@given(streams, places, st.integers(0, 1000), st.integers(0, 255))
def test_a_damaged_stream_is_refused_as_pika_refuses_it(stream: bytes, at: list[int], place: int, value: int) -> None:
    damaged = bytearray(stream or b"\0")
    damaged[place % len(damaged)] = value
    assert outcome(Ours(), cut(bytes(damaged), at)) == outcome(Pikas(), cut(bytes(damaged), at))


@given(st.binary(max_size=60))
def test_bytes_that_are_no_frames_are_refused_as_pika_refuses_them(data: bytes) -> None:
    assert outcome(Ours(), [data]) == outcome(Pikas(), [data])


def test_a_piece_of_a_body_without_its_end_is_refused() -> None:
    with pytest.raises(exceptions.InvalidFrameError, match="FRAME_END"):
        Ours()._on_data_available(frame.Body(1, b"x" * 9).marshal()[:-1] + b"\0")


@pytest.mark.parametrize("state", ["CONNECTION_START", "CONNECTION_TUNE", "CONNECTION_CLOSING"])
def test_a_connection_that_is_not_open_is_left_to_pika(state: str) -> None:
    ours, pikas = Ours(), Pikas()
    ours.connection_state = pikas.connection_state = getattr(SelectConnection, state)
    assert outcome(ours, [b"AMQP\0\0\x09\x01"]) == outcome(pikas, [b"AMQP\0\0\x09\x01"])
    assert ours.taken


@given(st.binary(max_size=5 * Unconnected.MOST + 1))
def test_a_message_is_sent_as_pika_sends_it(body: bytes) -> None:
    method = spec.Basic.Publish(exchange="ais", routing_key="raw.ais.x")
    content = (pika.BasicProperties(message_id="id", delivery_mode=2), body)
    ours, pikas = Ours(), Pikas()
    ours._send_message(3, method, content)
    pikas._send_message(3, method, content)
    assert ours.sent == pikas.sent
    assert ours.bytes_sent == pikas.bytes_sent


def test_pika_still_has_what_is_set_and_overridden_in_it() -> None:
    assert amqp_frames.RECEIVED_AT_ONCE.items() <= vars(amqp_frames.TRANSPORT).items()
    for name in ("_send_message", "_on_data_available"):
        assert inspect.signature(getattr(SelectConnection, name)).parameters.keys() == (
            inspect.signature(getattr(FramedConnection, name)).parameters.keys()
        )
    assert "_impl_class" in inspect.signature(pika.BlockingConnection.__init__).parameters
