"""The highest rate that a live feed can have for minutes on end: no queue grows, nothing falls behind.

Lines come over TCP at an even rate. Every half second is noted how many messages wait in each queue, how large each process is,
and how many records were sent of which the database does not know yet. A rate is sustained when the sender never had to wait,
everything is stored, all of it within a group's time after the last line, and neither queues nor what is behind are larger in the
last third of the time than in the second. The search begins near what the CPU time of a record would allow, and goes down until a
short trial is sustained; then the whole time is played.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from benchmarks.processes import cpu_seconds, residents
from benchmarks.samples import Series, Watch, is_flat, thirds
from benchmarks.stack import KEEP_ALL, Queues, accounted, free_port, pids, start_services
from benchmarks.traffic import Traffic
from fairway.local import SERVICES, Local
from fairway.settings import InserterSettings

STEP = 0.88  # from a rate that was too high to the next
TRIAL_SECONDS = 20.0
GROUP_SECONDS = float(InserterSettings.model_fields["insert_seconds"].default)  # records wait so long to be inserted
SLACK_SECONDS = 2.0
GROUPS_IN_A_THIRD = 3  # at least, or the saw teeth of the inserter hide what grows
PATIENCE_SECONDS = 120.0  # for the rest, once nothing more is sent
BEHIND = "records behind"


@dataclass(frozen=True)
class Live:
    """How it went at one rate."""

    rate: float
    sent: int
    stored: int
    seconds: float
    rest_seconds: float  # until the last record was accounted for, after the last line
    cpu_us: Mapping[str, float]
    series: Series

    @property
    def slowed(self) -> bool:
        """Whether the sender had to wait: pressure had reached it."""
        return self.sent / self.seconds < 0.98 * self.rate

    @property
    def is_sustained(self) -> bool:
        """Whether it could go on like this."""
        values = self.series.values
        queues = all(is_flat(seen, self.rate / 1000) for name, seen in values.items() if name.startswith("queue "))
        is_long = self.seconds >= 3 * GROUPS_IN_A_THIRD * GROUP_SECONDS
        keeps_up = self.sent == self.stored and self.rest_seconds <= GROUP_SECONDS + SLACK_SECONDS
        return queues and not self.slowed and keeps_up and (not is_long or is_flat(values[BEHIND], self.rate))


def rows(local: Local, traffic: Traffic, rate: float, seconds: float, tries: int) -> Iterator[str]:
    """The search from `rate` down, and a table of what was seen at the rate that was sustained."""
    for number in range(tries):
        trial = play(local, traffic, rate, min(seconds, TRIAL_SECONDS), f"bench.live.trial-{number}")
        if trial.is_sustained and seconds > TRIAL_SECONDS:
            trial = play(local, traffic, rate, seconds, f"bench.live.run-{number}")
        if trial.is_sustained:
            yield from _found(trial)
            return
        yield f"- {rate:,.0f} messages/s for {trial.seconds:.0f} s: {_what_grew(trial)}"
        rate *= STEP
    yield "\nNo rate was sustained."


def play(local: Local, traffic: Traffic, rate: float, seconds: float, tail: str) -> Live:
    """Send at `rate` for `seconds` to services just started, and wait until all is accounted for."""
    port = free_port()
    start_services(local, KEEP_ALL, [f"{tail}=tcp-listen://127.0.0.1:{port}"])
    of_stack = pids(local)
    before = {name: cpu_seconds(pid) for name, pid in of_stack.items()}
    began = time.monotonic()

    def behind() -> Mapping[str, float]:
        return {BEHIND: max(0.0, min(seconds, time.monotonic() - began) * rate - accounted(local, tail))}

    arguments = [f"tcp://127.0.0.1:{port}", str(traffic.file), str(rate), str(seconds)]
    with closing(Queues(local)) as queues:
        watched = {name: of_stack[name] for name in SERVICES}
        with Watch(lambda: residents(watched), queues.look, behind) as watch:
            run = subprocess.run(
                [sys.executable, "-m", "benchmarks.replay", *arguments], stdout=subprocess.PIPE, check=True
            )
    sent, took, _sent_at = json.loads(run.stdout)
    rest = _wait_for(local, tail, sent)
    cpu_us = {name: (cpu_seconds(pid) - before[name]) / sent * 1e6 for name, pid in of_stack.items()}
    return Live(rate, sent, accounted(local, tail), took, rest, cpu_us, watch.series)


def _wait_for(local: Local, tail: str, records: int) -> float:
    began = time.monotonic()
    while accounted(local, tail) < records and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(0.2)
    return time.monotonic() - began


def _what_grew(live: Live) -> str:
    if live.sent != live.stored:
        return f"{live.sent - live.stored:,} of {live.sent:,} records were not stored {PATIENCE_SECONDS:.0f} s later"
    if live.slowed:
        return f"the sender was held up, and came to {live.sent / live.seconds:,.0f} messages/s"
    first, second, last = thirds(live.series.values[BEHIND])
    behind = f"records behind in the thirds of the time {first:,.0f}, {second:,.0f}, {last:,.0f}"
    return f"not sustained; {behind}; all stored {live.rest_seconds:.1f} s after the last line"


def _found(live: Live) -> Iterator[str]:
    yield f"- {live.rate:,.0f} messages/s for {live.seconds:.0f} s ({live.sent:,} messages): sustained;"
    yield f"  all accounted for {live.rest_seconds:.1f} s after the last line.\n"
    yield "| | first third | second | last | most |\n|---|--:|--:|--:|--:|"
    for name, values in live.series.values.items():
        first, second, last = thirds(values)
        unit = " MB" if name in SERVICES else ""
        yield f"| {name}{unit} | {first:,.0f} | {second:,.0f} | {last:,.0f} | {max(values):,.0f} |"
    yield "\nCPU µs per record: " + ", ".join(f"{name} {cost:.1f}" for name, cost in live.cpu_us.items()) + "."
