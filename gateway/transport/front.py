"""The way in: GraphQL over HTTP is answered before an application's routes are looked at."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.transport.head import Incoming
from gateway.transport.http import GraphQLOverHttp

PATH = "/graphql"


class Front:
    """Before an application and all that it wraps its routes in; what is not for `graphql` is
    the application's.
    """

    def __init__(self, app: ASGIApp, graphql: GraphQLOverHttp) -> None:
        self._app = app
        self._graphql = graphql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        response = await self._graphql(Incoming(scope, receive, send))
        await response(scope, receive, send)
