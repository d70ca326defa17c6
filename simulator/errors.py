"""What can go wrong, each message one sentence for the user.

SimulatorError
├── BadOption       a value nobody can work with
└── Unreachable     the network, the disk or the other side refused
    └── HearerLeft  the reader of standard output has had enough
"""


class SimulatorError(Exception):
    """The simulation cannot start or go on."""


class BadOption(SimulatorError):
    """The value given cannot be used."""


class Unreachable(SimulatorError):
    """The destination is well formed but cannot be reached any more, or at all."""


class HearerLeft(Unreachable):
    """The reader of standard output closed it, as `head` does; not a failure."""
