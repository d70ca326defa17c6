"""Work on a thread of its own, whose errors are kept."""

from collections.abc import Callable
from threading import Thread


def in_background(work: Callable[[], object]) -> tuple[Thread, list[BaseException]]:
    """The thread, started, and what its work has raised once it is over."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=run)
    thread.start()
    return thread, errors
