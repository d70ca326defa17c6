"""What of RabbitMQ's client can be tested without a server."""

from fairway import broker


def test_the_client_still_has_the_sizes_that_are_set_in_it() -> None:
    assert broker.RECEIVED_AT_ONCE.items() <= vars(broker.TRANSPORT).items()
