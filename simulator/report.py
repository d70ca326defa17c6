"""One message as a station says it, before it is put in sentences."""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import NamedTuple

from simulator.encode import Armoured
from simulator.fields import Value


class Report(NamedTuple):
    """The bits, the values a decoder must find in them, and the seconds until the next of its kind."""

    msg_type: int
    armoured: Armoured
    truth: Mapping[str, Value]
    interval: float


Speak = Callable[[float, datetime, Random], Report]  # seconds since the start, the time now, chance
