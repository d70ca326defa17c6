"""`python -m services.decoder`: takes raw records from RabbitMQ and publishes decoded ones until it is stopped."""

from threading import Event

from fairway import service
from fairway.settings import DecoderSettings
from services.decoder.stage import Decoder


def run(settings: DecoderSettings, stop: Event) -> None:
    """Decode until `stop` is set."""
    service.run_stage("decoder", Decoder(settings.filter_partitions), settings, stop)


if __name__ == "__main__":
    service.main("decoder", DecoderSettings, run)
