"""GraphiQL, for trying the contract out: in development only."""

from starlette.requests import Request
from starlette.responses import HTMLResponse
from strawberry.http.ides import get_graphql_ide_html

from gateway.why.panel import beside


def is_wanted(request: Request) -> bool:
    """A browser opened the address and asked nothing."""
    accepts = request.headers.get("accept", "")
    return (
        request.method == "GET" and "text/html" in accepts and "query" not in request.query_params
    )


def page(*, with_why: bool) -> HTMLResponse:
    html = get_graphql_ide_html("graphiql")
    return HTMLResponse(beside(html) if with_why else html)
