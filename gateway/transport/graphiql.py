"""GraphiQL, for trying the contract out: in development only."""

from starlette.requests import Request
from starlette.responses import HTMLResponse
from strawberry.http.ides import get_graphql_ide_html


def is_wanted(request: Request) -> bool:
    """A browser opened the address and asked nothing."""
    accepts = request.headers.get("accept", "")
    return (
        request.method == "GET" and "text/html" in accepts and "query" not in request.query_params
    )


def page() -> HTMLResponse:
    return HTMLResponse(get_graphql_ide_html("graphiql"))
