"""The way in: GraphQL is answered before an application's routes are looked at."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.transport.head import Incoming
from gateway.transport.http import GraphQLOverHttp
from gateway.transport.websocket import GraphQLOverWebSocket

PATH = "/graphql"


class Front:
    """Before an application and all that it wraps its routes in; what is not for `graphql` or
    `sockets` is the application's.
    """

    def __init__(
        self, app: ASGIApp, graphql: GraphQLOverHttp, sockets: GraphQLOverWebSocket | None = None
    ) -> None:
        self._app = app
        self._graphql = graphql
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"] if scope.get("path") == PATH else ""
        if kind == "http":
            response = await self._graphql(Incoming(scope, receive, send))
            await response(scope, receive, send)
        elif kind == "websocket" and self._sockets is not None:
            await self._sockets(scope, receive, send)
        else:
            await self._app(scope, receive, send)
