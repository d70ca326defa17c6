"""How much is played: little in `make bench-quick`, enough to believe in `make bench`, and what takes long by option."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.archives import KINDS


@dataclass(frozen=True)
class Size:
    """Counts of messages, lines, rows; times in seconds."""

    flow_messages: int
    mix_messages: int
    loader_messages: int
    usual_messages: int  # the baseline is slow; its rate does not depend on the count
    decoder_rounds: int
    lines: int  # for what runs on one core without servers
    table_rows: int
    rules_messages: int  # that the filter's rules judge
    form_turns: int  # how often each form of lines is framed
    live_seconds: float
    live_share: float  # of the rate that CPU time would allow, to begin with
    live_tries: int
    latency_seconds: float
    archive_rows: int
    archive_kinds: Sequence[str]
    curve_messages: Sequence[int]
    curve_vessels: Sequence[int]
    vessel_messages: int
    curve_files: Sequence[int]
    file_messages: int


QUICK = Size(
    flow_messages=150_000,
    mix_messages=80_000,
    loader_messages=80_000,
    usual_messages=2_000,
    decoder_rounds=1,
    lines=10_000,
    table_rows=5_000,
    rules_messages=80_000,
    form_turns=10,
    live_seconds=8,
    live_share=0.35,
    live_tries=2,
    latency_seconds=5,
    archive_rows=30_000,
    archive_kinds=KINDS[1:2],
    curve_messages=(50_000, 500_000),
    curve_vessels=(),
    vessel_messages=0,
    curve_files=(),
    file_messages=0,
)
FULL = Size(
    flow_messages=3_000_000,
    mix_messages=5_200_000,
    loader_messages=320_000,
    usual_messages=20_000,
    decoder_rounds=2,
    lines=85_000,
    table_rows=40_000,
    rules_messages=320_000,
    form_turns=100,
    live_seconds=60,
    live_share=0.62,
    live_tries=8,
    latency_seconds=30,
    archive_rows=500_000,
    archive_kinds=KINDS,
    curve_messages=(200_000, 2_000_000),
    curve_vessels=(5_000, 50_000, 500_000),
    vessel_messages=600_000,
    curve_files=(10, 100, 1_000),
    file_messages=200_000,
)
LONG_CURVE = (200_000, 2_000_000, 20_000_000)
