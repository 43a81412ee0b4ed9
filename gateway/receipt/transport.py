"""Calls upstreams from a program that ends at once: over httpx, which leaves no threads behind.

Those of pyreqwest may still run when the interpreter ends, and then abort it.
"""

import httpx

from services.contracts.errors import UpstreamTimeout, UpstreamUnreachable
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.kit.signing import Signer


class ShortTransport:
    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._client = httpx.AsyncClient(trust_env=False, follow_redirects=False)

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises UpstreamTimeout or UpstreamUnreachable."""
        try:
            async with deadline.guard():
                body = call.body or b""
                signed = self._signer.header(call.method, call.url, call.headers, body)
                response = await self._client.request(
                    call.method,
                    call.url,
                    headers={**call.headers, **signed},
                    content=call.body,
                    timeout=deadline.left_s(),
                )
        except TimeoutError as late:
            raise UpstreamTimeout(f"{call.upstream}: {call.method} {call.url}") from late
        except httpx.HTTPError as broken:
            raise UpstreamUnreachable(f"{call.upstream}: {broken}") from broken
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, response.content)

    async def close(self) -> None:
        await self._client.aclose()
