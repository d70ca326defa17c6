"""pyais to a line of JSON a message, by its own `to_json`."""

from pyais.stream import IterMessages

from benchmarks.decoders.contender import compete, count


def decode(data: bytes) -> tuple[int, int]:
    return count(IterMessages(data.splitlines()), lambda message: message.decode().to_json())


if __name__ == "__main__":
    compete("pyais", decode)
