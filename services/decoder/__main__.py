"""`python -m services.decoder`: takes raw records from RabbitMQ and publishes decoded ones until it is stopped."""

from threading import Event

from fairway import service
from fairway.settings import DecoderSettings
from fairway.worker import Gather
from services.decoder.batches import CHUNK
from services.decoder.stage import Decoder

AT_HAND = Gather(messages=8, records=CHUNK)  # what waits already is decoded together; nothing is waited for


def run(settings: DecoderSettings, stop: Event) -> None:
    """Decode until `stop` is set."""
    service.run_stage("decoder", Decoder(settings.filter_partitions), settings, stop, AT_HAND)


if __name__ == "__main__":
    service.main("decoder", DecoderSettings, run)
