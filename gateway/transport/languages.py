"""Says in the head of an answer in which language its sentences are."""

from starlette.responses import Response

from gateway.locale.tongue import Tongue
from gateway.transport.streamed import Streamed


def tell(response: Response, tongue: Tongue) -> None:
    """Of an answer in parts, before it is known whether there will be any."""
    spoken = [*tongue.spoken] or ([tongue.locale] if isinstance(response, Streamed) else [])
    if spoken and "content-language" not in response.headers:
        response.headers["content-language"] = ", ".join(spoken)
        response.headers.add_vary_header("accept-language")
