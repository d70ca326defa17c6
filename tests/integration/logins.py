"""Logins of a test's database."""

from urllib.parse import urlsplit, urlunsplit

from fairway import database

PASSWORD = "secret"


def login_url(owner_url: str, role: str) -> str:
    """The URL of a new login with a role, `analyst` for one."""
    login = database.ensure_logins(owner_url, {role: PASSWORD})[role]
    parts = urlsplit(owner_url)
    return urlunsplit(parts._replace(netloc=f"{login}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"))
