"""A client's name is what it says, within bounds; a bad one is as if none were given."""

from typing import Any

import pytest
from starlette.datastructures import Headers

from gateway.usage.client import UNNAMED, Client, client_in, client_of

NAME, VERSION = "apollographql-client-name", "apollographql-client-version"


@pytest.mark.parametrize("name", ["web", "com.example.app-ios", "@scope/app", "a" * 64])
def test_a_name_and_a_version_are_taken_as_they_are_said(name: str) -> None:
    assert client_of(Headers({NAME: name, VERSION: "1.2.3 (456)"})) == Client(name, "1.2.3 (456)")
    assert client_of(Headers({NAME: name})) == Client(name)


@pytest.mark.parametrize("name", ["", "a" * 65, "a|b", "a\tb", "\x1b[31m", "#a", "naïve", " web"])
def test_a_bad_name_is_none(name: str) -> None:
    assert client_of({NAME: name, VERSION: "1"}) is UNNAMED


def test_a_bad_version_leaves_the_name() -> None:
    assert client_of({NAME: "web", VERSION: "1\n2"}) == Client("web")


@pytest.mark.parametrize(
    "payload", [{NAME: "web", VERSION: "1"}, {"clientName": "web", "clientVersion": "1"}]
)
def test_a_socket_says_it_in_its_first_message(payload: dict[str, Any]) -> None:
    assert client_in(payload) == Client("web", "1")


@pytest.mark.parametrize("payload", [None, {}, {"clientName": 7}, {"clientName": ["web"]}])
def test_a_socket_that_says_none_or_nonsense_is_unnamed(payload: dict[str, Any] | None) -> None:
    assert client_in(payload) is UNNAMED
