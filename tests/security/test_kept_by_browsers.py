"""What a browser keeps of one viewer's answers is no one else's, at a running gateway."""

import time

import httpx

from tests.learner import token
from tests.stack import Stack

ASK = {"query": "{ viewer { id } }"}
PROOF = {"graphql-require-preflight": "1"}


def bearer(stack: Stack) -> dict[str, str]:
    """Of somebody new."""
    return {"authorization": f"Bearer {token(stack.home, 'nobody-else', time.time_ns() % 10**15)}"}


async def test_what_is_unchanged_has_no_body_and_the_connection_goes_on(stack: Stack) -> None:
    one = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(trust_env=False, limits=one, headers=bearer(stack)) as client:
        first = await client.get(f"{stack.gateway}/graphql", params=ASK)
        known = {"if-none-match": first.headers["etag"]}
        again = await client.get(f"{stack.gateway}/graphql", params=ASK, headers=known)
        after = await client.get(f"{stack.gateway}/graphql", params=ASK)

    assert (again.status_code, again.content) == (304, b"")
    assert "transfer-encoding" not in again.headers
    assert (after.status_code, after.content) == (200, first.content)


async def test_the_same_tag_says_nothing_to_somebody_else(stack: Stack) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        mine = await client.get(f"{stack.gateway}/graphql", params=ASK, headers=bearer(stack))
        known = {"if-none-match": mine.headers["etag"]}
        theirs = await client.get(
            f"{stack.gateway}/graphql", params=ASK, headers=bearer(stack) | known
        )

    assert theirs.status_code == 200
    assert theirs.headers["etag"] != mine.headers["etag"]


async def test_signing_out_empties_what_the_browser_has_kept(stack: Stack) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(f"{stack.gateway}/session", headers=bearer(stack))
        kept = await client.get(f"{stack.gateway}/graphql", params=ASK, headers=PROOF)
        known = {"if-none-match": kept.headers["etag"]}
        cookie = {"cookie": f"banyan={client.cookies['banyan']}"}
        out = await client.delete(f"{stack.gateway}/session")

        late = await client.get(
            f"{stack.gateway}/graphql", params=ASK, headers={**cookie, **PROOF, **known}
        )

    assert (out.status_code, out.headers["clear-site-data"]) == (204, '"cache"')
    assert (late.status_code, "etag" in late.headers) == (200, False)
    assert late.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
