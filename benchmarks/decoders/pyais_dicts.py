"""pyais as its documentation says: a stream of messages, each decoded to a dictionary."""

from pyais.stream import IterMessages

from benchmarks.decoders.contender import compete, count


def decode(data: bytes) -> tuple[int, int]:
    return count(IterMessages(data.splitlines()), lambda message: message.decode().asdict())


if __name__ == "__main__":
    compete("pyais", decode)
