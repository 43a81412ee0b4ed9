"""What the clients of the world get from the running gateway, by their own code from npm."""

from typing import Any

from tests.clients.conftest import MORE_COURSES
from tests.clients.node import run
from tests.stack import Stack

GRAPHQL = "application/graphql-response+json"
NAME = "Person 4"
LESSONS = 4
"""Of each course."""
AUDITS = 61


async def test_graphql_ws_asks_subscribes_pings_and_is_refused(given: dict[str, Any]) -> None:
    told = run("graphql-ws.mjs", **given)

    assert told["query"]["viewer"]["name"] == NAME
    assert told["unsound"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert told["events"] == [0, 1]
    assert told["pongs"] > 1
    assert told["persisted"] == ["PERSISTED_QUERY_NOT_FOUND", NAME]
    assert told["forged"] == 4403


async def test_graphql_sse_asks_changes_and_subscribes(given: dict[str, Any]) -> None:
    told = run("graphql-sse.mjs", **given)

    assert [data["viewer"]["name"] for data in told["query"]] == [NAME]
    assert told["unsound"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert told["mutation"] == ["LessonCompleted"]
    assert told["events"] == [1, 2]


async def test_apollo_client_asks_changes_persists_and_takes_parts(given: dict[str, Any]) -> None:
    told = run("apollo.mjs", **given)

    assert told["query"] == NAME
    assert told["mutation"] == "LessonCompleted"
    assert {request["type"] for request in told["posted"]} == {GRAPHQL}
    assert told["persisted"] == [NAME, NAME]
    assert [request["hasText"] for request in told["persistedRequests"]] == [False, True, False]
    assert told["persistedRequests"][-1]["method"] == "GET"
    [deferred] = told["deferred"]
    assert deferred["type"].startswith("multipart/mixed")
    assert told["seen"][-2:] == [["streaming", True, None], ["complete", True, LESSONS]]
    assert told["events"] == [1, 2]


async def test_urql_asks_gets_changes_and_subscribes_both_ways(given: dict[str, Any]) -> None:
    told = run("urql.mjs", **given)

    assert (told["query"], told["got"], told["mutation"]) == (NAME, NAME, "LessonCompleted")
    assert [request["method"] for request in told["plain"]] == ["POST", "GET", "POST"]
    assert {request["type"] for request in told["plain"]} == {GRAPHQL}
    assert told["sse"] == [1, 2]
    assert told["streamed"][0]["type"].startswith("text/event-stream")
    assert told["websocket"] == [2, 3]


async def test_relay_asks_and_turns_pages(given: dict[str, Any]) -> None:
    told = run("relay.mjs", **given, first=2)

    assert told["pages"] == [2, 4, 1 + MORE_COURSES]
    assert len(set(told["titles"])) == 1 + MORE_COURSES
    assert set(told["totals"]) == {LESSONS}
    assert told["asked"] == 3


def test_every_audit_of_graphql_http_passes_without_a_warning(stack: Stack) -> None:
    told = run("graphql-http.mjs", gateway=stack.gateway)

    assert len(told) == AUDITS
    assert [audit for audit in told if audit["status"] != "ok"] == []
