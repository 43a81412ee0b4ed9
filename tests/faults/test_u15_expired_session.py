"""U15: a monolith session that dies under many callers is renewed once, and nobody notices."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from legacy import wire
from legacy.client import COOKIE, LegacyClient
from legacy.monolith.settings import with_database
from legacy.session import Sessions
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from tests import pair
from tests.fakes.tenant import viewer
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.school import School
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE

BUDGET_S = 30.0


@pytest.fixture(scope="module")
def monolith(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pair.Server]:
    url = with_database(stack.database, MONOLITH_DATABASE)
    home = tmp_path_factory.mktemp("u15")
    with pair.monolith(home, url) as server:
        yield server


class NoSharing(Sessions):
    """Signs in anew for every caller who finds no living cookie."""

    async def cookie(self, viewer: Viewer) -> str:
        known = self._kept.get((viewer.tenant, viewer.user))
        if known is None or not known.done():
            return await self._sign_in(viewer)
        return await super().cookie(viewer)


async def sign_ins_when_it_dies(
    server: pair.Server, school: School, sessions: type[Sessions]
) -> tuple[int, int]:
    """Signs a learner in, lets the session die, sends many callers: sign-ins then, and errors."""
    clock = SystemClock()
    transport = HttpTransport(connections=100)
    client = LegacyClient(transport, clock, server.url, pair.SECRET, BUDGET_S)
    client._sessions = sessions(client._sign_in)
    caller = Caller(viewer(school.tenant), Deadline.within(clock, BUDGET_S))
    await client.get(caller, "/me", wire.Me)
    known = pair.count(server.requests(), "POST /login")
    await sign_out(server, await client._sessions.cookie(caller.viewer))

    calls = [client.get(caller, "/me", wire.Me) for _ in range(n("U15"))]
    answers = await asyncio.gather(*calls, return_exceptions=True)

    await client.close()
    await transport.close()
    errors = sum(isinstance(answer, BaseException) for answer in answers)
    return pair.count(server.requests(), "POST /login") - known, errors


async def sign_out(server: pair.Server, cookie: str) -> None:
    """The session dies at the monolith, and nobody tells the gateway."""
    async with httpx.AsyncClient(base_url=server.url, cookies={COOKIE: cookie}) as browser:
        await browser.post("/logout")


async def test_u15_one_caller_signs_in_for_all(
    monolith: pair.Server, school: School, figure: Recorder
) -> None:
    sign_ins, errors = await sign_ins_when_it_dies(monolith, school, Sessions)

    figure("U15", sign_ins=sign_ins, errors=errors, callers=n("U15"))
    assert (sign_ins, errors) == (1, 0)


async def test_u15_fails_without_sharing(
    monolith: pair.Server, school: School, figure: Recorder
) -> None:
    sign_ins, _ = await sign_ins_when_it_dies(monolith, school, NoSharing)

    figure("U15", sign_ins_without_sharing=sign_ins)
    assert sign_ins > 1
