"""Asks the contract over a fake platform, without a server."""

from typing import Any

from graphql import ExecutionResult, parse

from gateway.execution import core
from resolvers.context import context_for
from resolvers.ports import Sources
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock
from services.kit.consistency import Consistency
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW

CONSISTENCY = Consistency(b"a key of the tests")


async def ask(
    platform: FakePlatform, who: Viewer | None, query: str, **variables: Any
) -> ExecutionResult:
    return await ask_of(sources_of(platform), who, query, **variables)


async def ask_of(
    sources: Sources, who: Viewer | None, query: str, **variables: Any
) -> ExecutionResult:
    ctx = context_for(who, FakeClock(NOW), 1.0, sources, CONSISTENCY)
    return await core.run(core_schema(), parse(query), variables, None, ctx)


def codes(result: ExecutionResult) -> list[str]:
    """The code of each error, in order."""
    return [str((error.extensions or {}).get("code")) for error in result.errors or []]
