"""Whether another web page may have sent a request in the viewer's name.

A browser adds the viewer's cookies to what any page sends. It asks us first (a preflight, which
CORS refuses) unless the request is simple: a GET, or a POST of a form's types. A simple one that
comes with a session is therefore refused; without one it is nobody's, and can do no harm.
"""

from starlette.requests import Request

from gateway.bad_request import Refusal
from gateway.transport.cookies import identity_of
from gateway.transport.media import media_type

PROOFS = (
    "authorization",
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-apollo-operation-name",
)
"""No page can send these elsewhere without a preflight."""
SIMPLE = ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
FORGEABLE = Refusal(
    403, "PREFLIGHT_REQUIRED", "With a cookie, send the header graphql-require-preflight too."
)


def is_forgeable(request: Request) -> bool:
    if identity_of(request.scope) is None:
        return False
    headers = request.headers
    return media_type(headers) in SIMPLE and not any(name in headers for name in PROOFS)
