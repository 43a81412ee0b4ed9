"""A gateway that counts what it executes; said `naive`, one whose readers wait for nobody else.

GET /watched/executions tells how many there were.
"""

import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from graphql import ExecutionResult, GraphQLSchema
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import main
from gateway.build import Gateway, build
from gateway.building import doors
from gateway.cache.far import AWAY, Claim, RedisFar
from gateway.cache.flights import Flights
from gateway.execution.choice import Execute, executor_of
from gateway.execution.operation import Operation
from resolvers.context import Context
from services.kit.settings import Settings

NAIVE = "naive"
PATH = "/watched/executions"


@dataclass(slots=True)
class Counted:
    """The gateway's application, and how often it executed anything."""

    executions: int = 0

    def executor_of(self, settings: Settings) -> Execute:
        execute = executor_of(settings)

        async def counting(
            schema: GraphQLSchema, operation: Operation, ctx: Context, event: Any = None
        ) -> ExecutionResult:
            self.executions += 1
            return await execute(schema, operation, ctx, event)

        return counting

    def around(self, app: ASGIApp) -> ASGIApp:
        async def telling(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("path") == PATH:
                await PlainTextResponse(str(self.executions))(scope, receive, send)
            else:
                await app(scope, receive, send)

        return telling


def counted(settings: Settings, redis_url: str) -> Gateway:
    count = Counted()
    with patch.object(doors, "executor_of", count.executor_of):
        gateway = build(settings, redis_url)
    return replace(gateway, app=count.around(gateway.app))


def nobody_waits(stack: ExitStack) -> None:
    """Look, miss, fetch, keep: each for itself."""

    async def claim(far: RedisFar, name: str, lasts_s: float) -> Claim:
        return AWAY

    stack.enter_context(patch.object(Flights, "get", lambda flights, key: None))
    stack.enter_context(patch.object(RedisFar, "claim", claim))


if __name__ == "__main__":
    with ExitStack() as stack:
        if NAIVE in sys.argv[1:]:
            nobody_waits(stack)
        stack.enter_context(patch.object(main, "build", counted))
        main.main()
