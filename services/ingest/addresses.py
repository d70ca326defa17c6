"""Hosts and ports as people write them."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from fairway.errors import BadSetting


class Address(NamedTuple):
    """Where to connect to or listen: a name or an address of IPv4 or IPv6, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def addresses_of(text: str, kind: str) -> tuple[Address, ...]:
    """Of `host:port`, or several with commas between. Raises BadSetting."""
    return tuple(_address(each, kind) for each in text.split(","))


def _address(text: str, kind: str) -> Address:
    """An IPv6 address stands in brackets. Raises BadSetting."""
    try:
        parts = urlsplit("//" + text.strip())
        host, port = parts.hostname, parts.port
        check_host(host or "")
    except ValueError:
        host = port = None
    if not host or port is None or parts.path or parts.query or parts.fragment or parts.username is not None:
        named = shown("//" + text).removeprefix("//")
        raise BadSetting(f"{kind}:{named!r} has no host and port: write it as {kind}://host:port")
    return Address(host, port)


def check_host(name: str) -> None:
    """Raises ValueError when no host can have this name, such as one with two dots in a row (RFC 3490)."""
    name.encode("idna")


def shown(url: str) -> str:
    """An address without the password and the key that may be in it, also when their signs are not written as %XX."""
    return re.sub("//.*@", "//", re.split("[?#]", url)[0])
