"""What became of records, as tables for people."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from services.offline_trials import Explanation, Share, Summary

WIDTH = 130  # of what is not shown on a terminal
UNITS = {"metres": " m", "kilometres": " km", "seconds": " s", "knots": " kn", "degrees": "°"}
NONE = "-"


def console() -> Console:
    """Where tables are printed. Raises BrokenPipeError when nobody reads on."""
    return _Screen(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False)


def explanation_table(explanations: Iterable[Explanation], *, is_first: bool) -> Table:
    """One line for each record: what became of it, and why."""
    table = Table(box=box.SIMPLE_HEAD if is_first else None, show_header=is_first, pad_edge=True)
    for name, width in (("event_time", 24), ("mmsi", 10), ("type", 15), ("", 7)):
        table.add_column(name, width=width, no_wrap=True)
    table.add_column("why", ratio=1)
    for each in explanations:
        type_ = f"{'' if each.msg_type is None else each.msg_type:>2} {each.kind}"
        style = "dim" if each.outcome == "dropped" else "yellow" if each.flags else None
        table.add_row(each.event_time, str(each.mmsi), type_, each.outcome, reason(each), style=style)
    return table


def reason(each: Explanation) -> str:
    """Why a record was dropped, flagged or kept, such as `redundant: 4.0 m off the line, 12 s after the last kept`."""
    phrases = [f"flags: {', '.join(each.flags)}"] if each.flags else []
    for rule, numbers in each.numbers.items():
        said = ", ".join(phrase(name, value) for name, value in numbers.items())
        phrases.append(f"{rule}: {said}" if said else rule)
    return "; ".join(phrases)


def phrase(name: str, value: float) -> str:
    """A number as a person says it: `off_the_line_metres`, 4 is `4.0 m off the line`."""
    words, _, unit = name.rpartition("_")
    if unit not in UNITS:
        return f"{name.replace('_', ' ')} {_plain(value)}"
    return f"{_plain(value)}{UNITS[unit]} {words.replace('_', ' ')}"


def summary_table(summary: Summary) -> Table:
    """What became of all records by one set of rules."""
    table = _table("", "", "records", "kept", "")
    for section, shares in (
        ("all", {"": summary.records}),
        ("bytes of NDJSON", {"": summary.bytes}),
        ("vessels", {"": summary.vessels}),
        ("after the rule", summary.rules),
        ("kind", summary.kinds),
        ("type", summary.types),
        ("vessels with most", summary.top_vessels),
    ):
        for number, (name, share) in enumerate(shares.items()):
            table.add_row("" if number else section, name, str(share.total), str(share.kept), _percent(share))
    for row in _others(summary):
        table.add_row(*row)
    return table


def comparison_table(names: Sequence[str], summaries: Sequence[Summary]) -> Table:
    """What several sets of rules make of the same records, side by side."""
    table = _table("", "", *names)
    for section, rows in _compared(summaries):
        for number, (name, cells) in enumerate(rows):
            table.add_row("" if number else section, name, *cells)
    return table


def _others(summary: Summary) -> Iterator[tuple[str, str, str]]:
    for section, counts in (("flagged", summary.flags), ("copied to", summary.copies)):
        for number, (name, count) in enumerate(counts.items()):
            yield "" if number else section, name, str(count)
    off = summary.track_error
    yield "track error", "positions measured", str(off.positions)
    yield "", "largest", _metres(off.max_metres)
    yield "", "99 % are within", _metres(off.p99_metres)
    yield "", "positions beyond the last kept one", str(off.without_a_line)
    yield "times", "first", summary.first or NONE
    yield "", "last", summary.last or NONE
    yield "", "records without", str(summary.unstamped)


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


Row = tuple[str, list[str]]


def _compared(summaries: Sequence[Summary]) -> Iterator[tuple[str, list[Row]]]:
    def one(tell: Callable[[Summary], str]) -> list[Row]:
        return [("", [tell(each) for each in summaries])]

    def by_name(tell: Callable[[Summary], Mapping[str, str]]) -> list[Row]:
        told = [tell(each) for each in summaries]
        names = dict.fromkeys(name for each in told for name in each)
        return [(name, [each.get(name, NONE) for each in told]) for name in names]

    yield "records", one(lambda each: str(each.records.total))
    yield "kept", one(lambda each: f"{each.records.kept}  {_percent(each.records)}")
    yield "kept by kind", by_name(lambda each: {name: _percent(share) for name, share in each.kinds.items()})
    yield (
        "dropped by rule",
        by_name(lambda each: {name: str(share.total - share.kept) for name, share in each.rules.items()}),
    )
    yield "flagged", by_name(lambda each: {name: str(count) for name, count in each.flags.items()})
    yield "copied to", by_name(lambda each: {name: str(count) for name, count in each.copies.items()})
    yield "bytes kept", one(lambda each: f"{each.bytes.kept}  {_percent(each.bytes)}")
    yield "vessels kept", one(lambda each: f"{each.vessels.kept}  {_percent(each.vessels)}")
    yield (
        "track error",
        by_name(
            lambda each: {
                "largest": _metres(each.track_error.max_metres),
                "99 % are within": _metres(each.track_error.p99_metres),
                "beyond the last kept": str(each.track_error.without_a_line),
            }
        ),
    )


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < 2 else "right")
    return table


def _percent(share: Share) -> str:
    return f"{100 * share.kept / share.total:.1f} %" if share.total else NONE


def _metres(metres: float | None) -> str:
    return NONE if metres is None else f"{metres:.1f} m"


def _plain(value: float) -> str:
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"
