"""The exceptions that cross a module boundary.

FairwayError
├── BadSetting     a person's input is wrong: said in one sentence, exit status 2
└── BrokenWorld    a broker, database or feed is away: retried with back-off, nothing is acknowledged
    ├── BrokerAway
    ├── Refused    the broker took the message back: a queue is full
    └── DatabaseAway
"""


class FairwayError(Exception):
    """The root of all errors that Fairway raises on purpose."""


class BadSetting(FairwayError):
    """A setting, argument or file that a person wrote is wrong; the message says what to do."""


class BrokenWorld(FairwayError):
    """Something outside this process is away; the same call may succeed later."""


class BrokerAway(BrokenWorld):
    """The connection to RabbitMQ is lost or cannot be made; unacknowledged deliveries will come again."""


class Refused(BrokenWorld):
    """RabbitMQ refused a message because a queue it is bound for is full."""


class DatabaseAway(BrokenWorld):
    """PostgreSQL is unreachable, restarting or out of connections."""
