"""What a listener in a class is told: what is behind their cursor, as it comes, until it ends."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from resolvers import hearing
from resolvers.context import Context, context_for
from services.contracts.classroom import (
    ClassDeed,
    ClassroomSnapshot,
    ClassStateChanged,
    Gap,
    HandsChanged,
    Place,
    Signal,
    SignalKind,
)
from services.contracts.errors import ErrorCode, Refused
from services.kit.clock import FakeClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.classrooms import FakeClassrooms
from tests.fakes.followed import followed
from tests.fakes.platform import FakePlatform
from tests.fakes.room import MOST_SIGNALS, participant_id
from tests.fakes.sources import sources_of
from tests.fakes.tenant import LEARNER, NOW, TEACHER, add_tenant, class_id, viewer

CLASS = class_id("acme")


@pytest.fixture
async def platform() -> FakePlatform:
    """A class that has begun, with its teacher and one who learns."""
    made = FakePlatform()
    add_tenant(made, "acme")
    soon = structs.replace(
        made.live_classes[CLASS], starts_at=NOW, ends_at=NOW + timedelta(hours=1)
    )
    made.live_classes[CLASS] = soon
    for user in (TEACHER, LEARNER):
        await FakeClassrooms(made).join(of(made, user).caller, CLASS, None, "k")
    return made


def of(platform: FakePlatform, user: str = LEARNER) -> Context:
    return context_for(viewer("acme", user), FakeClock(NOW), 1.0, sources_of(platform), CONSISTENCY)


async def act(platform: FakePlatform, deed: ClassDeed, user: str = TEACHER) -> None:
    await FakeClassrooms(platform).act(of(platform, user).caller, CLASS, deed, "k")


async def say(platform: FakePlatform, *payloads: str) -> None:
    to, caller = participant_id(CLASS, LEARNER), of(platform, TEACHER).caller
    for payload in payloads:
        await FakeClassrooms(platform).send(caller, CLASS, to, SignalKind.OFFER, payload, payload)


async def next_of(events: AsyncGenerator[Any, None]) -> Any:
    async with asyncio.timeout(5):
        return await anext(events)


async def test_a_snapshot_comes_first_and_then_what_changes(platform: FakePlatform) -> None:
    told = followed(hearing.UPDATES, of(platform), CLASS)

    first = await next_of(told)
    await act(platform, ClassDeed.RAISE_HAND, LEARNER)
    then = await next_of(told)
    await told.aclose()

    assert isinstance(first, ClassroomSnapshot)
    assert isinstance(then, HandsChanged)
    assert platform.topics.listeners("classroom:acme:l1") == 0


async def test_whoever_resumes_is_told_what_is_behind_their_cursor_alone(
    platform: FakePlatform,
) -> None:
    told = followed(hearing.UPDATES, of(platform), CLASS)
    snapshot = await next_of(told)
    await told.aclose()
    await act(platform, ClassDeed.RAISE_HAND, LEARNER)

    again = followed(hearing.UPDATES, of(platform), CLASS, Place(snapshot.cursor))
    then = await next_of(again)
    await again.aclose()

    assert isinstance(then, HandsChanged)


async def test_it_is_over_behind_the_last_event_of_a_class(platform: FakePlatform) -> None:
    told = followed(hearing.UPDATES, of(platform), CLASS)
    await next_of(told)

    await act(platform, ClassDeed.END)
    rest = [event async for event in told]

    assert [type(one) for one in rest] == [ClassStateChanged]


async def test_signals_come_in_order_and_once(platform: FakePlatform) -> None:
    await say(platform, "one", "two")
    told = followed(hearing.SIGNALS, of(platform), CLASS)
    early = [await next_of(told) for _ in range(2)]
    await told.aclose()
    await say(platform, "three")

    again = followed(hearing.SIGNALS, of(platform), CLASS, Place(early[-1].cursor))
    late = await next_of(again)
    await again.aclose()

    assert [one.payload for one in [*early, late]] == ["one", "two", "three"]


async def test_what_did_not_fit_is_a_gap_with_its_number(platform: FakePlatform) -> None:
    await say(platform, "seen")
    told = followed(hearing.SIGNALS, of(platform), CLASS)
    seen = await next_of(told)
    await told.aclose()
    await say(platform, *(str(number) for number in range(MOST_SIGNALS + 3)))

    again = followed(hearing.SIGNALS, of(platform), CLASS, Place(seen.cursor))
    gap, first = await next_of(again), await next_of(again)
    await again.aclose()

    assert isinstance(gap, Gap)
    assert isinstance(first, Signal)
    assert (gap.dropped, first.payload) == (3, "3")


@pytest.mark.parametrize("after", ["", "x" * 201])
async def test_what_is_no_cursor_is_invalid(platform: FakePlatform, after: str) -> None:
    [refused] = [one async for one in followed(hearing.UPDATES, of(platform), CLASS, Place(after))]

    assert isinstance(refused, Refused)
    assert refused.code is ErrorCode.INVALID


async def test_whoever_listens_counts_as_there_for_as_long(platform: FakePlatform) -> None:
    there: list[str] = []

    class Doors:
        def listening(self, caller: Any, live_class: Any) -> "Doors":
            return self

        def __enter__(self) -> None:
            there.append("in")

        def __exit__(self, *_: object) -> None:
            there.append("out")

    ctx = of(platform)
    doors: Any = Doors()
    ctx = structs.replace(ctx, sources=replace(ctx.sources, attendance=doors))
    told = followed(hearing.UPDATES, ctx, CLASS)
    await next_of(told)
    during = [*there]
    await told.aclose()

    assert (during, there) == (["in"], ["in", "out"])
