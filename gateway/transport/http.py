"""GraphQL over HTTP: one operation a request, by POST or, for queries, by GET."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema
from starlette.requests import Request
from starlette.responses import Response

from gateway.errors import formatted, problem
from gateway.execution import core
from gateway.identity.token import BadToken, Tokens
from gateway.operation.document import BadDocument, Documents, is_query, operation_of
from gateway.transport import graphiql
from gateway.transport.body import Ask, BadRequest, read
from resolvers.context import Context
from services.contracts.viewer import Viewer
from services.kit.telemetry import received, server_span

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
UNAUTHORIZED = BadRequest(401, "UNAUTHENTICATED", "The bearer token is not valid.")


@dataclass(frozen=True, slots=True)
class GraphQLOverHttp:
    """`context_for` makes the context of one request for whoever asks."""

    schema: GraphQLSchema
    documents: Documents
    tokens: Tokens
    context_for: Callable[[Viewer | None], Context]
    trace_percent: float
    offers_graphiql: bool

    async def __call__(self, request: Request) -> Response:
        if self.offers_graphiql and graphiql.is_wanted(request):
            return graphiql.page()
        request_id = secrets.token_hex(8)
        trace = received(request.headers.get("traceparent"), self.trace_percent)
        with server_span(f"{request.method} /graphql", trace):
            response = await self._answer(request, request_id)
        response.headers["x-request-id"] = request_id
        return response

    async def _answer(self, request: Request, request_id: str) -> Response:
        media_type = GRAPHQL if GRAPHQL in request.headers.get("accept", "") else JSON
        try:
            viewer = self._viewer(request)
            ask = await read(request)
            document = self._document(request, ask)
        except BadRequest as bad:
            return _json(problem(bad.code, str(bad)), bad.status, media_type)
        except BadDocument as bad:
            status = 400 if media_type == GRAPHQL else 200
            return _json({"errors": _shown(bad.errors, request_id)}, status, media_type)
        result = await self._run(document, ask, viewer)
        return _json(_body(result, request_id), 200, media_type)

    def _viewer(self, request: Request) -> Viewer | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None
        try:
            if scheme.lower() != "bearer":
                raise BadToken("not a bearer token")
            return self.tokens.viewer(token)
        except BadToken as bad:
            raise UNAUTHORIZED from bad

    def _document(self, request: Request, ask: Ask) -> DocumentNode:
        document = self.documents.read(ask.query)
        operation = operation_of(document, ask.operation_name)
        if request.method == "GET" and not is_query(operation):
            raise BadRequest(405, "METHOD_NOT_ALLOWED", "GET is for queries: send a POST.")
        return document

    async def _run(
        self, document: DocumentNode, ask: Ask, viewer: Viewer | None
    ) -> ExecutionResult:
        ctx = self.context_for(viewer)
        return await core.run(self.schema, document, ask.variables or {}, ask.operation_name, ctx)


def _body(result: ExecutionResult, request_id: str) -> dict[str, Any]:
    if not result.errors:
        return {"data": result.data}
    return {"errors": _shown(result.errors, request_id), "data": result.data}


def _shown(errors: list[GraphQLError], request_id: str) -> list[Any]:
    return [formatted(error, request_id) for error in errors]


def _json(body: dict[str, Any], status: int, media_type: str) -> Response:
    return Response(msgspec.json.encode(body), status, media_type=media_type)
