"""The one exception of the local stack."""

from fairway.errors import FairwayError


class StackError(FairwayError):
    """The local stack cannot do as asked; the message is one sentence that says what is missing and what to do."""
