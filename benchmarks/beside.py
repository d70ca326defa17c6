"""How fast the whole flow is while the maintainer works without a pause: `python -m benchmarks.beside`, ten minutes.

A file of position reports, received now, goes through all services, in turns with the maintainer's jobs off and with every job
due again as soon as it ends: roll-ups, tracks and density of a fleet's days, these days closed, archived and dropped. For how
much of a run a job was at work is told, too: it rests while records come fast (FAIRWAY_BUSY_SHARE).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import psycopg2

from benchmarks import machine, month, traffic, whole_flow
from benchmarks.samples import Watch
from benchmarks.stack import DEFAULT_RULES, KEEP_ALL, ask, servers, start_services
from fairway.local import Local

TURNS = 3
LOOK_SECONDS = 0.2
AT_WORK = """
    SELECT coalesce(string_agg(substr(application_name, 23), ' '), '') FROM pg_stat_activity
    WHERE application_name LIKE 'fairway db_maintainer _%%' AND state <> 'idle'
"""
OFF = "UPDATE ops.jobs SET enabled = false"
ON = """
    UPDATE ops.jobs SET enabled = true, every = '1 second', next_due = now()
    WHERE %(jobs)s::text[] = '{}' OR name = ANY (%(jobs)s::text[])
"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=2_000_000, help="of a run")
    options.add_argument("--days", type=int, default=6, help="of old positions")
    options.add_argument("--positions", type=int, default=6_000_000, help="in these days")
    options.add_argument(
        "--turns", type=int, default=TURNS, help="runs with jobs off, before and after twice as many beside them"
    )
    options.add_argument(
        "--jobs", nargs="+", default=[], help="only these; else all, of which the first take the most time"
    )
    given = options.parse_args()
    print(
        "\n".join(machine.heading(" ".join(["python -m benchmarks.beside", *sys.argv[1:]]))),
        f"Load {machine.load()}.\n",
    )
    with tempfile.TemporaryDirectory() as folder, servers(Path(folder)) as local:
        for line in rows(local, Path(folder), given):
            print(line, flush=True)


def rows(local: Local, folder: Path, given: argparse.Namespace) -> Iterator[str]:
    """Lines of a table, and the ratio."""
    month.load(local.stack.database_url(), month.fleet(5000), given.positions, given.days)
    age = (datetime.now(UTC).date() - month.day_of(given.days)).days
    rule = "INSERT INTO ops.retention (table_name, days, archive) VALUES ('positions', %(days)s, true)"
    _execute(local, rule, {"days": max(age, 1)})
    start_services(local, DEFAULT_RULES)
    yield "| rules | jobs | messages/s | at work | which |\n|---|---|--:|--:|---|"
    some = traffic.positions(folder, given.messages)
    for rules in KEEP_ALL, DEFAULT_RULES:
        rates: dict[bool, list[float]] = {False: [], True: []}
        for phase, (is_on, runs) in enumerate(((False, given.turns), (True, 2 * given.turns), (False, given.turns))):
            _execute(local, ON if is_on else OFF, {"jobs": given.jobs})
            start_services(local, rules)  # which ends a job that runs still
            with Watch(lambda: _at_work(local), seconds=LOOK_SECONDS) as watch:
                flows = [whole_flow.run(local, some.file, f"bench.{rules}_{phase}_{run}") for run in range(runs)]
            rates[is_on] += [flow.rate for flow in flows]
            yield _row(rules, is_on, [flow.rate for flow in flows], watch)
        yield f"| {rules} | ratio of means | {mean(rates[True]) / mean(rates[False]):.2f} | | |"


def _execute(local: Local, statement: str, values: Mapping[str, object]) -> None:
    with closing(psycopg2.connect(local.stack.database_url())) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, values)


def _at_work(local: Local) -> Mapping[str, float]:
    """Jobs at work now."""
    return {"looks": 1.0, **dict.fromkeys(ask(local, AT_WORK).split(), 1.0)}


def _row(rules: str, is_on: bool, rates: Sequence[float], watch: Watch) -> str:
    seen = {name: len(values) for name, values in watch.series.values.items()}
    looks = seen.pop("looks")
    jobs = ", ".join(f"{name} {count / looks:.0%}" for name, count in sorted(seen.items()))
    shown = ", ".join(f"{rate:,.0f}" for rate in rates)
    return f"| {rules} | {'due' if is_on else 'off'} | {shown} | {sum(seen.values()) / looks:.0%} | {jobs} |"


if __name__ == "__main__":
    main()
