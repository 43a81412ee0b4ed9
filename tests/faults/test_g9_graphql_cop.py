"""G9: what graphql-cop asks of a server, asked of ours; its findings are none.

The tool (github.com/dolevf/graphql-cop, lib/tests) is no package: its thirteen probes are made here
as it makes them, each with what it takes for a finding.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.operation.persisted import Persisted
from gateway.operation.rules import Rules
from gateway.operation.texts import Texts
from gateway.operation.trusted import Trusted
from services.kit.clock import FakeClock
from services.kit.settings import Trust
from tests.fakes.tenant import NOW
from tests.faults.door import CLOSED, Door
from tests.faults.registry import n
from tests.figures import Recorder
from tests.unit.gateway.test_texts import manifest

PLAIN = "query cop { __typename }"
DEEP = "fields { type { fields { type { fields { type { name } } } } } }"
CIRCULAR = f"query cop {{ __schema {{ types {{ {DEEP} }} }} }}"
NAMED_IN_PAGES = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground")
QUERY_BY_GET = "get_method_support"
Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
Finds = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Probe:
    """`finds` is given what came back: JSON, or a text."""

    ask: Ask
    finds: Finds


def posted(query: str, finds: Finds) -> Probe:
    return Probe(lambda client: client.post("/graphql", json={"query": query}), finds)


def got(query: str, finds: Finds) -> Probe:
    return Probe(lambda client: client.get("/graphql", params={"query": query}), finds)


def has_typename(said: Any) -> bool:
    return isinstance(said, dict) and bool((said.get("data") or {}).get("__typename"))


def has_alias(said: Any) -> bool:
    return bool((said.get("data") or {}).get("alias100"))


def is_traced(said: Any) -> bool:
    return "tracing" in str(said) or "stacktrace" in str(said).lower()


def is_page(said: Any) -> bool:
    return any(name in str(said) for name in NAMED_IN_PAGES)


def in_a_batch(client: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return client.post("/graphql", json=[{"query": PLAIN}] * 10)


def as_a_form(client: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return client.post("/graphql", params={"query": PLAIN})


def in_a_browser(client: httpx.AsyncClient) -> Awaitable[httpx.Response]:
    return client.get("/graphql", headers={"accept": "text/html"})


PROBES = {
    "alias_overloading": posted(
        "query cop { " + " ".join(f"alias{i}: __typename" for i in range(101)) + " }", has_alias
    ),
    "batch_query": Probe(in_a_batch, lambda said: isinstance(said, list) and len(said) >= 10),
    "directive_overloading": posted(
        "query cop { __typename " + "@aa" * 10 + " }", lambda said: len(said["errors"]) == 10
    ),
    "circular_query_introspection": posted(
        CIRCULAR, lambda said: len((said.get("data") or {"__schema": {}})["__schema"]) > 0
    ),
    "field_duplication": posted("query cop { " + "__typename \n" * 500 + "}", has_typename),
    "introspection": posted(
        "query cop { __schema { types { name fields { name } } } }",
        lambda said: bool((said.get("data") or {}).get("__schema")),
    ),
    "field_suggestions": posted(
        "query cop { __schema { directive } }", lambda said: "Did you mean" in str(said)
    ),
    "detect_graphiql": Probe(in_a_browser, is_page),
    QUERY_BY_GET: got(PLAIN, has_typename),
    "get_based_mutation": got("mutation cop { __typename }", has_typename),
    "post_based_csrf": Probe(as_a_form, has_typename),
    "trace_mode": posted(PLAIN, is_traced),
    "unhandled_error": posted("qwerty cop { abc }", lambda said: "exception" in str(said)),
}


async def findings(door: Door, *, offers_graphiql: bool = False) -> set[str]:
    async with door.client(offers_graphiql=offers_graphiql) as client:
        return {name for name, probe in PROBES.items() if probe.finds(await said(probe, client))}


async def said(probe: Probe, client: httpx.AsyncClient) -> Any:
    answer = await probe.ask(client)
    return answer.json() if "json" in answer.headers["content-type"] else answer.text


async def test_g9_it_finds_nothing_in_production(tmp_path: Path, figure: Recorder) -> None:
    listed = Trusted(manifest(tmp_path / "manifest.json", known="{ viewer { id } }"))
    door = Door(tmp_path, CLOSED, Texts(Persisted(FakeClock(NOW)), listed, Trust.ONLY))
    assert len(PROBES) == n("G9")

    found = await findings(door)

    figure("G9", probes=len(PROBES), findings=len(found))
    assert found == set()


async def test_g9_without_a_list_it_finds_that_queries_may_be_got(
    tmp_path: Path, figure: Recorder
) -> None:
    """Queries by GET are wanted, for caches: they change nothing, and no cookie speaks for them."""
    found = await findings(Door(tmp_path, CLOSED))

    figure("G9", findings_without_a_list=len(found))
    assert found == {QUERY_BY_GET}


async def test_g9_fails_without_closing_the_door(tmp_path: Path, figure: Recorder) -> None:
    found = await findings(Door(tmp_path, Rules()), offers_graphiql=True)

    figure("G9", findings_of_an_open_door=len(found))
    assert {"introspection", "detect_graphiql", "field_suggestions"} <= found
