"""Gives the users of a broker's definitions passwords for the local stack."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fairway.topics import password_hash

DEFAULT_VHOST = "/"
EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}


def with_users(
    definitions: Mapping[str, Any], names: Sequence[str], administrator: str, password: Callable[[str], str]
) -> dict[str, Any]:
    """The definitions, with a password for every user they name, and with the further users in `names`.

    A user for whom they give no permission may do everything. The vhost `/` is always there: a broker that loads
    definitions makes none by itself.
    """
    users = {str(user["name"]): dict(user) for user in definitions.get("users", [])}
    for name in (*names, administrator):
        users.setdefault(name, {"name": name})
    users[administrator]["tags"] = ["administrator"]
    vhosts = definitions.get("vhosts") or [{"name": DEFAULT_VHOST}]
    permissions = list(definitions.get("permissions", []))
    unnamed = set(users) - {permission["user"] for permission in permissions}
    return {
        **definitions,
        "vhosts": list(vhosts),
        "users": [_with_password(user, password(name)) for name, user in users.items()],
        "permissions": permissions
        + [{"user": name, "vhost": vhost["name"], **EVERYTHING} for name in sorted(unnamed) for vhost in vhosts],
    }


def _with_password(user: dict[str, Any], password: str) -> dict[str, Any]:
    without = {key: value for key, value in user.items() if key != "password"}
    return {
        "tags": [],
        **without,
        "password_hash": password_hash(str(user["name"]), password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
    }
