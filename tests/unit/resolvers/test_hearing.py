"""What a listener in a class is told: what is behind their cursor, as it comes, until it ends."""

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


async def test_a_snapshot_comes_first_and_then_what_changes(platform: FakePlatform) -> None:
    first = await hearing.read_changes(of(platform), CLASS, None)
    await act(platform, ClassDeed.RAISE_HAND, LEARNER)
    then = await hearing.read_changes(of(platform), CLASS, str(first.told))
    rest = await hearing.read_changes(of(platform), CLASS, str(then.told))

    assert [type(one) for one in first.items] == [ClassroomSnapshot]
    assert [type(one) for one in then.items] == [HandsChanged]
    assert rest.items == []


async def test_a_change_is_news_of_its_class(platform: FakePlatform) -> None:
    news: list[str | None] = []
    heard = hearing.hear_class(of(platform), CLASS, news.append)

    await act(platform, ClassDeed.RAISE_HAND, LEARNER)
    heard.stop()
    await act(platform, ClassDeed.LOWER_HAND, LEARNER)

    assert len(news) == 1
    assert platform.topics.listeners("classroom:acme:l1") == 0


async def test_it_is_over_behind_the_last_event_of_a_class(platform: FakePlatform) -> None:
    first = await hearing.read_changes(of(platform), CLASS, None)
    await act(platform, ClassDeed.END)
    last = await hearing.read_changes(of(platform), CLASS, str(first.told))

    assert [type(one) for one in last.items] == [ClassStateChanged]
    assert (first.is_over, last.is_over) == (False, True)


async def test_signals_come_in_order_and_once(platform: FakePlatform) -> None:
    await say(platform, "one", "two")
    early = await hearing.read_signals(of(platform), CLASS, None)
    await say(platform, "three")
    late = await hearing.read_signals(of(platform), CLASS, early.items[-1].cursor)

    assert [one.payload for one in [*early.items, *late.items]] == ["one", "two", "three"]


async def test_what_did_not_fit_is_a_gap_with_its_number(platform: FakePlatform) -> None:
    await say(platform, "seen")
    seen = await hearing.read_signals(of(platform), CLASS, None)
    await say(platform, *(str(number) for number in range(MOST_SIGNALS + 3)))

    gap, first, *_ = (await hearing.read_signals(of(platform), CLASS, str(seen.told))).items

    assert isinstance(gap, Gap)
    assert isinstance(first, Signal)
    assert (gap.dropped, first.payload) == (3, "3")


@pytest.mark.parametrize("after", ["", "x" * 201])
def test_what_is_no_cursor_is_invalid(platform: FakePlatform, after: str) -> None:
    refused = hearing.begin(of(platform), CLASS, Place(after))

    assert isinstance(refused, Refused)
    assert refused.code is ErrorCode.INVALID


def test_whoever_listens_counts_as_there_for_as_long(platform: FakePlatform) -> None:
    there: list[str] = []

    class Doors:
        def comes(self, caller: Any, live_class: Any) -> None:
            there.append("in")

        def goes(self, caller: Any, live_class: Any) -> None:
            there.append("out")

    ctx = of(platform)
    doors: Any = Doors()
    goes = hearing.attend(
        structs.replace(ctx, sources=replace(ctx.sources, attendance=doors)), CLASS
    )
    during = [*there]
    goes()

    assert (during, there) == (["in"], ["in", "out"])
