"""Reports and batches, for tests of the inserter."""

from typing import Any

from hypothesis import strategies as st

from fairway.messages import Message
from fairway.records import Decoded, Position, Static
from fairway.testing import message
from fairway.topics import Stage

TIME = "2026-01-02T03:04:05.678Z"

ENVELOPE = {"source": "test.a", "event_time": TIME, "received_at": TIME, "time_source": "received"}


def filtered(*batch: Decoded, id: str = "a/d/f") -> Message:
    return message(batch, stage=Stage.FILTERED, tail="test.a", id=id)


def position(second: int = 0, mmsi: int = 219000001, **fields: Any) -> Position:
    times = {"event_time": f"2026-01-02T03:04:{second:02}.000Z", "received_at": "2026-01-02T03:05:00.000Z"}
    return Position(**{**ENVELOPE, **times, "mmsi": mmsi, "msg_type": 1, "lon": 10.0, "lat": 55.0, **fields})


def static(second: int = 0, **fields: Any) -> Static:
    times = {"event_time": f"2026-01-02T03:04:{second:02}.000Z", "received_at": "2026-01-02T03:05:00.000Z"}
    return Static(**{**ENVELOPE, **times, "mmsi": 219000001, "msg_type": 5, **fields})


positions = st.builds(
    position,
    st.integers(0, 3),
    lon=st.sampled_from([None, 10.0, 11.0]),
    source=st.sampled_from(["a", "B"]),
    station=st.sampled_from([None, "x", "Y"]),
    msg_type=st.sampled_from([None, 1, 18]),
)

statics = st.builds(
    static,
    st.integers(0, 3),
    source=st.sampled_from(["a", "B"]),
    station=st.sampled_from([None, "x", "Y"]),
    name=st.sampled_from([None, "anna", "BERTA", "Ærø"]),
    imo=st.sampled_from([None, 9_000_001, 9_000_002]),
    to_bow=st.sampled_from([None, 1, 2]),
    to_stern=st.sampled_from([None, 1, 2]),
    length=st.sampled_from([None, 2.5, 3.0]),
    ais_class=st.sampled_from([None, "A", "B"]),
    msg_type=st.sampled_from([None, 5]),
    draught=st.sampled_from([None, 1.5, 2.5]),
    eta=st.sampled_from([None, "2026-03-01T00:00:00.000Z"]),
    eta_hour=st.sampled_from([None, 0, 5]),
    dte=st.sampled_from([None, True, False]),
)
