"""pyais as its documentation says: a stream of messages, each decoded to a dictionary."""

from pyais.stream import IterMessages

from benchmarks.decoders.contender import compete


def decode(data: bytes) -> tuple[int, int]:
    decoded = refused = 0
    for message in IterMessages(data.splitlines()):
        try:
            message.decode().asdict()
            decoded += 1
        except Exception:  # what a library refuses is counted, whatever it raises
            refused += 1
    return decoded, refused


if __name__ == "__main__":
    compete("pyais", decode)
