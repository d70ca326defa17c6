"""The history of equal reports as runs: pure, without database.

A run is a stretch of reports of one series (one MMSI, type, part and source) that say exactly the same, with none
between them that says something else:

    reports   A A A B A A        runs   3 A  1 B  2 A

Reports that come in order of time give exactly this. A late one joins the run it belongs to, or opens one between two. A
late one that contradicts the run around it splits it; how many of the run's reports were before and how many after is no
longer known then, so the first part keeps all but the last report.
"""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Run:
    """One row of ais.static_reports: `id` once it is stored; until then `like` is the id of a row that says the same, if any,
    and `report` the place of a report that says it among those of the group. Times are microseconds since 1970 UTC.
    """

    first_time: int
    last_time: int
    reports: int
    fingerprint: int
    id: int | None = None
    like: int | None = None
    report: int | None = None
    changed: bool = field(default=False, compare=False)

    def absorb(self, time: int) -> None:
        """Count one more report that says the same."""
        self.first_time, self.last_time = min(self.first_time, time), max(self.last_time, time)
        self.reports += 1
        self.changed = True

    def split(self) -> "Run":
        """The part after a contradiction; this run keeps the part before it."""
        like = self.like if self.id is None else self.id
        after = Run(self.last_time, self.last_time, 1, self.fingerprint, like=like, report=self.report)
        self.last_time = self.first_time
        self.reports -= 1
        self.changed = True
        return after


def add(runs: list[Run], time: int, fingerprint: int, report: int) -> None:
    """Let a report join, open or split a run. `runs` are in order of time and do not overlap; they stay so."""
    place = bisect_right(runs, time, key=lambda run: run.first_time)
    before = runs[place - 1] if place else None
    after = runs[place] if place < len(runs) else None
    new = Run(time, time, 1, fingerprint, report=report)
    if before and before.fingerprint == fingerprint:
        before.absorb(time)
    elif before and before.first_time == time < before.last_time:
        runs.insert(place - 1, new)  # both at the same moment: the longer one goes on after it
    elif before and time < before.last_time:
        runs[place:place] = [new, before.split()]
    elif after and after.fingerprint == fingerprint:
        after.absorb(time)
    else:
        runs.insert(place, new)
