"""Whether addresses in settings can be called; what is told of them has no password."""

import re

ORIGIN = re.compile(r"https?://[^/*\s]+/?")
ADDRESS = re.compile(r"https?://[^/\s]+\S*")


def not_an_address(setting: str) -> str | None:
    """What there is to say of an address, after the setting's name; None where it is right.

    Not what it is: a password may stand anywhere in what is no address.
    """
    if not setting or ADDRESS.fullmatch(setting):
        return None
    return "is no address as https://host:port."


def not_origins(setting: str) -> str | None:
    """The same of pages, comma separated."""
    for origin in filter(None, map(str.strip, setting.split(","))):
        if not ORIGIN.fullmatch(origin):
            return f"has pages as https://learn.example, not {bare(origin)}."
    return None


def bare(address: str) -> str:
    """Without whoever signs in there, and their password."""
    return address.rpartition("@")[2]
