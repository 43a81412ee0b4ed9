"""One sign-in at the monolith serves however many callers wait for it."""

import asyncio

import pytest

from legacy.session import Sessions
from services.contracts.errors import UpstreamUnreachable
from services.contracts.viewer import Viewer
from tests.fakes.tenant import OTHER, viewer

ANNA, BEN = viewer("acme"), viewer("acme", OTHER)


class SignIn:
    """Gives out numbered cookies when it is released; fails while it is told to."""

    def __init__(self) -> None:
        self.count = 0
        self.fails = False
        self.released = asyncio.Event()

    async def __call__(self, who: Viewer) -> str:
        self.count += 1
        await self.released.wait()
        if self.fails:
            raise UpstreamUnreachable("legacy")
        return f"{who.user}-{self.count}"


@pytest.fixture
def sign_in() -> SignIn:
    made = SignIn()
    made.released.set()
    return made


async def test_five_hundred_callers_sign_in_once(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in)

    cookies = await asyncio.gather(*[sessions.cookie(ANNA) for _ in range(500)])

    assert set(cookies) == {"4-1"}
    assert sign_in.count == 1


async def test_the_caller_who_began_a_sign_in_may_leave(sign_in: SignIn) -> None:
    sign_in.released.clear()
    sessions = Sessions(sign_in)
    first = asyncio.create_task(sessions.cookie(ANNA))
    await asyncio.sleep(0)
    second = asyncio.create_task(sessions.cookie(ANNA))
    await asyncio.sleep(0)

    first.cancel()
    sign_in.released.set()

    assert await second == "4-1"


async def test_a_cookie_that_is_there_needs_no_waiting(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in)
    assert sessions.kept(ANNA) is None

    await sessions.cookie(ANNA)

    assert sessions.kept(ANNA) == "4-1"
    assert sessions.kept(BEN) is None


async def test_a_cookie_on_its_way_or_failed_is_not_there(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in)
    sign_in.released.clear()
    sign_in.fails = True
    waiting = asyncio.create_task(sessions.cookie(ANNA))
    await asyncio.sleep(0)
    assert sessions.kept(ANNA) is None

    sign_in.released.set()
    with pytest.raises(UpstreamUnreachable):
        await waiting

    assert sessions.kept(ANNA) is None


async def test_everybody_has_a_session_of_their_own(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in)

    assert await sessions.cookie(ANNA) != await sessions.cookie(BEN)
    assert await sessions.cookie(viewer("other")) != await sessions.cookie(ANNA)


async def test_a_dead_cookie_is_replaced_once_however_many_saw_it_die(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in)
    dead = await sessions.cookie(ANNA)

    sessions.drop(ANNA, dead)
    fresh = await sessions.cookie(ANNA)
    sessions.drop(ANNA, dead)

    assert await sessions.cookie(ANNA) == fresh != dead
    assert sign_in.count == 2


async def test_a_failed_sign_in_is_tried_again_by_the_next_caller(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in)
    sign_in.fails = True
    with pytest.raises(UpstreamUnreachable):
        await sessions.cookie(ANNA)

    sign_in.fails = False

    assert await sessions.cookie(ANNA) == "4-2"


async def test_the_store_is_bounded_and_forgets_who_came_longest_ago(sign_in: SignIn) -> None:
    sessions = Sessions(sign_in, most=2)
    for who in (ANNA, BEN, viewer("other")):
        await sessions.cookie(who)

    assert sessions.kept(BEN) is not None
    await sessions.cookie(BEN)
    assert sign_in.count == 3

    await sessions.cookie(ANNA)
    assert sign_in.count == 4
