"""`python -m services.ingest`: reads the feeds of FAIRWAY_SOURCES and FAIRWAY_SOURCES_FILE until it is stopped."""

from threading import Event

from fairway.broker import RabbitBroker
from fairway.errors import BadSetting
from fairway.service import main
from fairway.settings import IngestSettings
from services.ingest.imports import known_to
from services.ingest.intake import Intake
from services.ingest.sources import gather


def run(settings: IngestSettings, stop: Event) -> None:
    """Read every source until stopped. Raises BadSetting when there is none, or one that cannot be understood."""
    sources = gather((), settings.sources, settings.sources_file)
    if not sources:
        raise BadSetting("there is nothing to read: set FAIRWAY_SOURCES, such as coastal.denmark=udp://0.0.0.0:10110")
    broker = RabbitBroker(settings.broker_address, name="ingest")
    imported = known_to(settings.database_address)
    Intake(sources, settings, broker, stop, imported=imported).run(until_read=False)


if __name__ == "__main__":
    main("ingest", IngestSettings, run)
