"""Who runs an operation: as the settings say, and graphql-core for what is not compiled."""

import pytest
from graphql import ExecutionResult, parse

from gateway.execution import choice
from gateway.execution.choice import compiled, executor_of, interpreted
from gateway.execution.compiled import selecting
from gateway.execution.operation import Operation
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.operation.rules import Rules
from resolvers.context import context_for
from schema.contract import core_schema
from services.kit.clock import FakeClock
from services.kit.settings import Settings
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, add_tenant, viewer

NAME = "{ viewer { name } }"
OF_THE_LANGUAGE = "{ __schema { queryType { name } } }"


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the trace of the work is told."""
    noted: dict[str, str] = {}
    monkeypatch.setattr(choice, "note", noted.__setitem__)
    return noted


async def run(text: str, after: int = 0, cost: float = 0.0) -> ExecutionResult:
    rules = Rules(compiles_after=after)
    platform, documents = FakePlatform(), Documents(core_schema(), rules)
    add_tenant(platform, "acme")
    ctx = context_for(viewer("acme"), FakeClock(NOW), 1.0, sources_of(platform), CONSISTENCY)
    planned = documents.read(text).operation(None)
    variables = documents.variables(planned, {})
    operation = Operation(parse(text), planned, Ask(query=text), variables, cost=cost)
    return await compiled(core_schema(), operation, ctx)


def test_the_setting_chooses() -> None:
    environ = {"BANYAN_EXECUTOR": "graphql-core"}

    assert executor_of(Settings()) is compiled
    assert executor_of(Settings.read(environ)) is interpreted


async def test_what_is_compiled_is_no_news(notes: dict[str, str]) -> None:
    result = await run(NAME)

    assert (result.data, result.errors) == ({"viewer": {"name": "acme person 4"}}, None)
    assert notes == {}


async def test_a_first_answer_of_many_things_is_worth_its_code(notes: dict[str, str]) -> None:
    result = await run(NAME, after=2, cost=1_000)

    assert (result.data, notes) == ({"viewer": {"name": "acme person 4"}}, {})


async def test_a_first_answer_of_few_things_is_graphql_cores(notes: dict[str, str]) -> None:
    await run(NAME, after=2, cost=1)

    assert notes["graphql.executor"] == "graphql-core"


async def test_what_is_not_compiled_is_answered_and_told(notes: dict[str, str]) -> None:
    result = await run(OF_THE_LANGUAGE)

    assert result.data == {"__schema": {"queryType": {"name": "Query"}}}
    assert notes["graphql.executor"] == "graphql-core"
    assert "__schema" in notes["graphql.not_compiled"]


async def test_what_would_be_too_large_a_plan_is_not_compiled(
    notes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "MOST_FIELDS", 1)

    result = await run(NAME)

    assert result.data == {"viewer": {"name": "acme person 4"}}
    assert notes["graphql.not_compiled"] == "more than 1 fields"
