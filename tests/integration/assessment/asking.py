"""Commands as they cross the wire, for what the client does not say."""

from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from services.contracts.errors import Refused
from services.contracts.question import IDEMPOTENCY_KEY, Question
from services.contracts.viewer_headers import headers_of
from tests.fakes.tenant import LEARNER
from tests.integration.assessment.campus import WAITS_S, Campus

Q = TypeVar("Q")
A = TypeVar("A")


async def posted(
    campus: Campus,
    question: Question[Q, A],
    said: Q,
    key: str,
    headers: Mapping[str, str] | None = None,
    user: str = LEARNER,
) -> A | Refused:
    own = headers_of(campus.asking(user).viewer) | {IDEMPOTENCY_KEY: key}
    async with httpx.AsyncClient(base_url=campus.url, trust_env=False, timeout=WAITS_S) as browser:
        body = msgspec.json.encode(said)
        reply = await browser.post(question.path, content=body, headers=own | dict(headers or {}))
    if reply.status_code == 200:
        return msgspec.json.decode(reply.content, type=question.answers)
    return msgspec.json.decode(reply.content, type=Refused)
