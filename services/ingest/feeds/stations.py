"""What a sender is called in records: its address, when its lines name no station."""


def station_of(host: str) -> str:
    """`host` as a socket tells it; an IPv4 sender looks the same on a socket that listens for both."""
    return host.removeprefix("::ffff:").partition("%")[0]
