"""The way in: GraphQL over HTTP is answered before any other route is looked at."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.transport.http import GraphQLOverHttp

PATH = "/graphql"


class Front:
    """Before an application's routes; what is not for `graphql` is theirs."""

    def __init__(self, app: ASGIApp, graphql: GraphQLOverHttp) -> None:
        self._app = app
        self._graphql = graphql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        response = await self._graphql(Request(scope, receive, send))
        await response(scope, receive, send)
