"""What a listener in a class is told: what is behind their cursor, as it comes, until it ends."""

from datetime import timedelta

import pytest
from msgspec import structs

from resolvers import hearing
from resolvers.context import Context, context_for
from resolvers.following import Look
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
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.kit.clock import FakeClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.classrooms import FakeClassrooms
from tests.fakes.mailbox import MOST_SIGNALS
from tests.fakes.platform import FakePlatform
from tests.fakes.room import participant_id
from tests.fakes.sources import sources_of
from tests.fakes.tenant import LEARNER, NOW, OTHER, TEACHER, add_tenant, class_id, viewer

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
    await FakeClassrooms(platform).act(of(platform, user).caller, CLASS, deed, deed)


async def say(platform: FakePlatform, *payloads: str) -> None:
    to, caller = participant_id(CLASS, LEARNER), of(platform, TEACHER).caller
    for payload in payloads:
        await FakeClassrooms(platform).send(caller, CLASS, to, SignalKind.OFFER, payload, payload)


async def look(platform: FakePlatform, told: str | None = None) -> Look:
    return await hearing.look_in(of(platform), CLASS, told)


async def heard(platform: FakePlatform, told: str | None = None) -> Look:
    return await hearing.look_through(of(platform), CLASS, told)


async def test_a_snapshot_comes_first_and_then_what_changes(platform: FakePlatform) -> None:
    first = await look(platform)
    await act(platform, ClassDeed.RAISE_HAND, LEARNER)
    then = await look(platform, str(first.told))
    rest = await look(platform, str(then.told))

    assert [type(one) for one in first.items] == [ClassroomSnapshot]
    assert [type(one) for one in then.items] == [HandsChanged]
    assert rest.items == []


async def test_it_is_over_behind_the_last_event_of_a_class(platform: FakePlatform) -> None:
    first = await look(platform)

    await act(platform, ClassDeed.END)
    last = await look(platform, str(first.told))

    assert [type(one) for one in last.items] == [ClassStateChanged]
    assert (first.is_over, last.is_over) == (False, True)


async def test_signals_come_in_order_and_once(platform: FakePlatform) -> None:
    await say(platform, "one", "two")
    early = await heard(platform)
    await say(platform, "three")
    late = await heard(platform, early.items[-1].cursor)

    payloads = [one.payload for one in [*early.items, *late.items]]
    assert payloads == ["one", "two", "three"]


async def test_what_did_not_fit_is_a_gap_with_its_number(platform: FakePlatform) -> None:
    await say(platform, "seen")
    seen = await heard(platform)
    await say(platform, *(str(number) for number in range(MOST_SIGNALS + 3)))

    gap, first, *_ = (await heard(platform, str(seen.told))).items

    assert isinstance(gap, Gap)
    assert isinstance(first, Signal)
    assert (gap.dropped, first.payload) == (3, "3")


@pytest.mark.parametrize("after", ["", "x" * 201])
def test_what_is_no_cursor_is_invalid(platform: FakePlatform, after: str) -> None:
    refused = hearing.begin(of(platform), CLASS, Place(after))

    assert isinstance(refused, Refused)
    assert refused.code is ErrorCode.INVALID


async def test_whoever_may_not_see_the_class_is_refused(platform: FakePlatform) -> None:
    told = await hearing.look_in(of(platform, OTHER), CLASS, None)

    assert told.items == [HIDDEN]
