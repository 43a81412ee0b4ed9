"""Which web pages elsewhere may call by HTTP: those of the list, with cookies, and no others."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from gateway.transport.csrf import PROOFS
from gateway.transport.headers import REQUEST_ID, SERVER_TIMING
from gateway.usage import client
from services.kit import consistency
from services.kit.deadline import HEADER

FORGET_S = 7_200
"""Browsers keep a preflight's answer no longer."""
CLIENT_HEADERS = (
    client.NAME,
    client.VERSION,
    "content-type",
    HEADER,
    "if-none-match",
    "traceparent",
)


def cross_origin(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """As it is where nobody is listed: browsers then keep other pages out by themselves."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "POST", "DELETE"),
        allow_headers=(*PROOFS, *CLIENT_HEADERS, consistency.HEADER),
        allow_credentials=True,
        expose_headers=(
            REQUEST_ID,
            SERVER_TIMING,
            consistency.HEADER,
            "age",
            "cache-status",
            "etag",
        ),
        max_age=FORGET_S,
    )
