"""Runs the filter: `python -m services.filter`."""

from threading import Event

from fairway.service import main, run_stage
from fairway.settings import FilterSettings
from services.filter.judge import Filter
from services.filter.rule_file import read
from services.filter.stage import FilterStage


def run(settings: FilterSettings, stop: Event) -> None:
    """Filter until `stop` is set. Raises BadSetting when the rules, or which filter this is, are not right."""
    queue = settings.filter_queue
    run_stage("filter", FilterStage(Filter(read(settings.filter_rules))), settings, stop, queue=queue)


if __name__ == "__main__":
    main("filter", FilterSettings, run)
