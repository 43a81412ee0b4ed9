"""Which program asks, by the name and version that it gives itself."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

NAME = "apollographql-client-name"
VERSION = "apollographql-client-version"
NAMES, VERSIONS = (NAME, "clientName"), (VERSION, "clientVersion")
"""In the first message of a socket, where browsers can set no header."""
LABEL = re.compile(r"[A-Za-z0-9@_][A-Za-z0-9@_ .,:;()/+~#=-]{0,63}")


class Client(NamedTuple):
    """`version` is empty where none is known."""

    name: str
    version: str = ""


UNNAMED = Client("unnamed")
OTHERS = Client("others")
"""All who came when there were too many names already."""


def client_of(headers: Mapping[str, str]) -> Client:
    """A name that is none is no reason to refuse what a learner asks: it is as if not given."""
    return named(headers.get(NAME), headers.get(VERSION))


def client_in(payload: Mapping[str, Any] | None) -> Client:
    said = payload or {}
    return named(_first(said, NAMES), _first(said, VERSIONS))


def named(name: Any, version: Any = None) -> Client:
    if not _is_label(name):
        return UNNAMED
    return Client(name, version if _is_label(version) else "")


def _first(said: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((said[name] for name in names if name in said), None)


def _is_label(text: Any) -> bool:
    return isinstance(text, str) and LABEL.fullmatch(text) is not None
