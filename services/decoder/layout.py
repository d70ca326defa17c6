"""The shape of one kind of message: which record it becomes, how long it must be, its fields and rules."""

from collections.abc import Callable
from dataclasses import dataclass

from fairway.records import Decoded
from services.decoder.fields import Field, code
from services.decoder.rules import Rule

SHORTEST = 40  # bits: the common head, and the two bits that each message has before its content

# Annex 8, the same in all messages. The type itself, bits 0 to 5, chooses the layout.
HEAD = (code("repeat", 6, 2), code("mmsi", 8, 30))


@dataclass(frozen=True, eq=False)  # compared and hashed as the one object it is
class Layout:
    """`required` is the least number of bits that such a message has.

    `blocks` are the offsets at which parts begin that the standard lets a message do without, each with all after it.
    """

    kind: Callable[..., Decoded]
    required: int
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    blocks: tuple[int, ...] = ()


def layout(
    kind: Callable[..., Decoded],
    until: str,
    *fields: Field,
    rules: tuple[Rule, ...] = (),
    blocks: tuple[int, ...] = (),
) -> Layout:
    """A layout whose messages are too short when they end before the field named `until` does."""
    every = (*HEAD, *fields)
    required = max(SHORTEST, next(field.end for field in every if field.name == until))
    return Layout(kind, required, every, rules, blocks)
