"""Runs the filter: `python -m services.filter`."""

from threading import Event

from fairway.service import event_on_hangup, main, run_stage
from fairway.settings import FilterSettings
from fairway.worker import Gather
from services.filter.journal import Journal
from services.filter.reload import ReloadingStage

# As many as are there are judged together, up to so many: a call of numpy costs as much for a thousand reports as for ten.
GATHER = Gather(messages=8, records=16_000, seconds=0.0)


def run(settings: FilterSettings, stop: Event) -> None:
    """Filter until `stop` is set. Raises BadSetting when the rules, or which filter this is, are not right."""
    queue = settings.filter_queue
    asked = event_on_hangup()
    journal = Journal(settings.state_dir / "filter" / queue)
    try:
        stage = ReloadingStage(settings.filter_rules, journal, asked)
        run_stage("filter", stage, settings, stop, GATHER, queue)
    finally:
        journal.close()


if __name__ == "__main__":
    main("filter", FilterSettings, run)
