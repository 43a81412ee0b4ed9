"""The rivals in Python as ASGI applications; all verify the same tokens and limit depth."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.asgi import GraphQL

from bench.rivals import contract
from gateway.execution import choice
from gateway.execution.choice import Execute
from gateway.execution.engine import Engine
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.token import BadToken, Tokens
from gateway.operation.document import Documents
from gateway.operation.rules import Rules
from gateway.transport.front import Front
from gateway.transport.headers import Stamped
from gateway.transport.http import GraphQLOverHttp
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.consistency import Consistency

ISSUER, AUDIENCE = "banyan-bench", "banyan"
BUDGET_S = 60.0
WHO = Viewer(TenantId("bench"), UserId("1"), frozenset({Role.OPERATOR}))


def issuer_of(home: Path) -> DemoIssuer:
    return DemoIssuer(home, ISSUER, AUDIENCE)


def context(who: Viewer | None, received_s: float | None, sight: Sight, say: Say = str) -> Context:
    """Nobody stands behind: what is asked for lies in memory."""
    nobody: Any = None
    return context_for(who, SystemClock(), BUDGET_S, nobody, CONSISTENCY, received_s, sight, say)


CONSISTENCY = Consistency(b"a key of the bench, which guards nothing")


def engine_of(execute: Execute) -> Engine:
    """As the gateway's own in production."""
    schema: Any = contract.ours()._schema
    return Engine(schema, Documents(schema, Rules(is_open=False)), context, execute=execute)


def tokens_of(home: Path) -> Tokens:
    return Tokens(FixedKeys(issuer_of(home).jwks()), ISSUER, AUDIENCE)


def door_of(home: Path, execute: Execute) -> ASGIApp:
    door = GraphQLOverHttp(
        engine_of(execute),
        tokens_of(home),
        CONSISTENCY,
        SystemClock(),
        trace_percent=1,
        offers_graphiql=False,
    )
    return Stamped(Front(Starlette(), door))


class Plain(GraphQL[Any, Any]):
    """Strawberry's own application: it parses and validates whatever comes."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(contract.plain(), graphql_ide=None)
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_known(HTTPConnection(scope).headers):
            await PlainTextResponse("Unauthorized", 401)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def get_context(self, request: Any, response: Any) -> Any:
        return context(WHO, None, Sight())

    def _is_known(self, headers: Mapping[str, str]) -> bool:
        try:
            return self._tokens.bearer(headers.get("authorization")) is not None
        except BadToken:
            return False


APPS: Mapping[str, Callable[[Path], ASGIApp]] = {
    "strawberry": lambda home: Plain(tokens_of(home)),
    "kept": lambda home: door_of(home, choice.interpreted),
    "compiled": lambda home: door_of(home, choice.compiled),
    "traced": lambda home: door_of(home, choice.compiled),
}
