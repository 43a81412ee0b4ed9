"""The media type of an answer is the client's choice, as far as we have it."""

import pytest

from gateway.transport.negotiate import EVENTS, GRAPHQL, JSON, MULTIPART, chosen

PARTS = "multipart/mixed;incrementalSpec=v0.2"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("application/json, application/graphql-response+json", JSON),
        ("application/json;q=0.9, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json;q=0.1, */*;q=0.5", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
        ("application/json;q=0, */*", GRAPHQL),
        ("text/event-stream", EVENTS),
        ("text/event-stream, multipart/mixed", EVENTS),
        ("application/json, text/event-stream, multipart/mixed", JSON),
        ("text/event-stream;q=0.5, application/json", JSON),
        (f"{PARTS},application/graphql-response+json,application/json;q=0.9", MULTIPART),
        (f"application/json, {PARTS}", JSON),
        ('multipart/mixed; incrementalSpec="v0.2"', MULTIPART),
        ("multipart/mixed;deferSpec=20220824, application/json", JSON),
        ("multipart/mixed;boundary=graphql;subscriptionSpec=1.0", None),
        ("multipart/mixed", None),
        ("text/*", None),
        ("text/html", None),
        ("application/json;q=nonsense", None),
        ("application/json;q=7", None),
        (";;;,,,=", None),
        (",".join(["text/html"] * 1_000 + ["application/json"]), None),
    ],
)
def test_the_heaviest_that_we_have_is_chosen(accept: str | None, expected: str | None) -> None:
    assert chosen(accept) == expected
