"""A session outlives its token, moves from secret to secret, and ends when it should."""

from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import pytest
from redis.asyncio import Redis

from gateway.identity.identity import Identity, alone, everywhere
from gateway.identity.session import GRACE_S, IDLE_S, LONGEST_S, ROTATE_S, Record, Sessions
from gateway.identity.signed_out import SignedOutEverywhere
from gateway.realtime.hub import Hub
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW, viewer
from tests.stack import Stack

ANNA = Identity(viewer("acme"), NOW.timestamp(), NOW.timestamp() + 60)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    """A database of its own: nobody's gateway looks there."""
    async with Redis.from_url(stack.redis, db=7) as client:
        await client.flushdb()
        yield client


@pytest.fixture
def sessions(redis: Redis, clock: FakeClock) -> Sessions:
    return Sessions(redis, clock)


async def test_a_session_says_whose_it_is_after_its_token_ended(
    sessions: Sessions, clock: FakeClock
) -> None:
    secret = await sessions.begin(ANNA)
    clock.advance(600)

    found = await sessions.find(secret)

    assert found is not None
    assert (found.identity.viewer, found.secret) == (ANNA.viewer, None)
    assert found.identity.issued_s == NOW.timestamp()


async def test_a_session_keeps_its_owners_language_and_zone(
    sessions: Sessions, clock: FakeClock
) -> None:
    who = replace(ANNA.viewer, locale="pt-BR", zone="America/Bahia")
    secret = await sessions.begin(replace(ANNA, viewer=who))
    clock.advance(ROTATE_S)
    renewed = await sessions.find(secret)
    assert renewed is not None

    found = await sessions.find(renewed.secret or "")

    assert found is not None
    kept = found.identity.viewer
    assert (kept.locale, kept.zone) == ("pt-BR", "America/Bahia")


async def test_a_session_of_before_there_were_languages_is_still_one() -> None:
    who = b'"id":"a","tenant":"t","user":"4","roles":["LEARNER"]'
    old = b'{%b,"began_s":1,"rotates_s":2,"until_s":3}' % who

    kept = msgspec.json.decode(old, type=Record).identity().viewer

    assert (kept.locale, kept.zone) == (None, "UTC")


async def test_a_secret_is_renewed_and_the_old_one_is_good_for_what_is_under_way(
    sessions: Sessions, clock: FakeClock
) -> None:
    secret = await sessions.begin(ANNA)
    clock.advance(ROTATE_S)

    first, second = await sessions.find(secret), await sessions.find(secret)
    assert first is not None
    assert first.secret is not None
    assert second is not None
    assert second.secret is None
    newer = await sessions.find(first.secret)
    clock.advance(GRACE_S)

    assert newer is not None
    assert newer.identity.session == first.identity.session
    assert await sessions.find(secret) is None
    assert await sessions.find(first.secret) is not None


async def test_no_session_lasts_longer_than_half_a_day(
    sessions: Sessions, clock: FakeClock
) -> None:
    secret = await sessions.begin(ANNA)
    for _ in range(LONGEST_S // 3_600):
        found = await sessions.find(secret)
        assert found is not None
        secret = found.secret or secret
        clock.advance(3_600)

    assert await sessions.find(secret) is None


async def test_redis_holds_no_secret_and_forgets_a_session_that_is_idle(
    sessions: Sessions, redis: Redis
) -> None:
    secret = await sessions.begin(ANNA)
    names = [str(name) for name in await redis.keys("*")]
    lasting = [await redis.ttl(name) for name in await redis.keys("*")]

    assert not any(secret in name for name in names)
    assert all(0 < lasts_s <= IDLE_S for lasts_s in lasting)


async def test_it_carries_the_greatest_version_whichever_request_ends_last(
    sessions: Sessions,
) -> None:
    secret = await sessions.begin(ANNA)
    first, second = await sessions.find(secret), await sessions.find(secret)
    assert first is not None
    assert second is not None

    await sessions.note(first, {"progress:1": 7, "legacy:2": 1})
    await sessions.note(second, {"progress:1": 5, "legacy:3": 2})
    found = await sessions.find(secret)

    assert found is not None
    assert found.seen == {"progress:1": 7, "legacy:2": 1, "legacy:3": 2}


async def test_who_signed_out_is_known_to_a_process_that_begins_later_and_to_one_that_missed_it(
    redis: Redis, clock: FakeClock
) -> None:
    own, other = (SignedOutEverywhere(redis, Hub(redis), clock) for _ in range(2))
    await other.look()
    await own.add(everywhere(ANNA.viewer))
    clock.advance(1)
    later = Identity(ANNA.viewer, clock.now().timestamp(), ANNA.expires_s)

    assert (own.has(ANNA), other.has(ANNA)) == (True, False)
    await other.look()
    assert (other.has(ANNA), other.has(later)) == (True, False)


async def test_one_session_ends_and_the_persons_others_live(
    redis: Redis, sessions: Sessions, clock: FakeClock
) -> None:
    both = [await sessions.find(await sessions.begin(ANNA)) for _ in range(2)]
    out = SignedOutEverywhere(redis, Hub(redis), clock)
    assert both[0] is not None
    assert both[1] is not None
    assert both[0].identity.session

    await out.add(alone(both[0].identity.session))

    assert [out.has(one.identity) for one in both if one] == [True, False]
