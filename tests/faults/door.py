"""The gateway's door over a fake platform, in this process: asked by HTTP, watched by its calls."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.execution.engine import Engine
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.token import Tokens
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.operation.persisted import Persisted
from gateway.operation.refusal import BadDocument
from gateway.operation.rules import Rules
from gateway.operation.texts import Texts
from gateway.transport.http import GraphQLOverHttp
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock, SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, add_tenant, viewer

CLOSED = Rules(is_open=False)
"""As in production."""


@dataclass
class Door:
    """`executed` counts operations that were begun, `platform.calls` what sources were asked."""

    home: Path
    rules: Rules = field(default_factory=Rules)
    texts: Texts = field(default_factory=lambda: Texts(Persisted(FakeClock(NOW))))
    who: Viewer = field(default_factory=lambda: viewer("acme"))
    platform: FakePlatform = field(default_factory=FakePlatform)
    executed: int = 0

    def __post_init__(self) -> None:
        add_tenant(self.platform, "acme")
        schema = core_schema()
        self.engine = Engine(schema, Documents(schema, self.rules), self._context, self.texts)

    async def refusal(self, ask: Ask) -> str:
        """Its code; "" where it may run."""
        try:
            await self.engine.read(ask, self.who)
        except BadDocument as bad:
            return bad.code
        return ""

    async def cpu_ms(self, ask: Ask) -> tuple[str, float]:
        """The code of the refusal, and what it took of the loop's thread."""
        began_s = time.thread_time()
        code = await self.refusal(ask)
        return code, (time.thread_time() - began_s) * 1e3

    def client(self, *, offers_graphiql: bool = False) -> httpx.AsyncClient:
        """Signed in as `who`."""
        issuer = DemoIssuer(self.home, "banyan-demo", "banyan")
        endpoint = GraphQLOverHttp(
            engine=self.engine,
            tokens=Tokens(FixedKeys(issuer.jwks()), "banyan-demo", "banyan"),
            consistency=CONSISTENCY,
            clock=SystemClock(),
            trace_percent=0,
            offers_graphiql=offers_graphiql,
        )
        app = Starlette(routes=[Route("/graphql", endpoint.__call__, methods=["GET", "POST"])])
        token = issuer.token_for(self.who, SystemClock())
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://gateway",
            headers={"authorization": f"Bearer {token}"},
        )

    def _context(
        self, who: Viewer | None, received_s: float | None, sight: Sight, say: Say
    ) -> Context:
        self.executed += 1
        sources = sources_of(self.platform)
        return context_for(who, SystemClock(), 5.0, sources, CONSISTENCY, received_s, sight, say)


def codes(answer: httpx.Response) -> list[str]:
    """The code of each error, in order."""
    said: dict[str, Any] = answer.json()
    return [str(error["extensions"]["code"]) for error in said.get("errors", [])]
