"""What many want within a moment is one call, and each is told their own, whatever others do."""

import asyncio

import pytest

from gateway.together.gathering import MOST_AT_ONCE, MOST_ITEMS, WINDOW_S
from services.contracts.errors import UpstreamMisbehaved, UpstreamTimeout, UpstreamUnreachable
from services.contracts.viewer_headers import nobody
from tests.unit.gateway.together.desk import BUDGET_S, Desk, caller, turns

TOLD, OTHERS = "legacy:completions/a/1/4", "shown:completions/a/1/4"


async def test_many_of_one_moment_are_one_call_and_each_is_told_their_own() -> None:
    desk = Desk()

    found = await asyncio.gather(*desk.asks(MOST_ITEMS, caller()))

    assert found == [[f"{item}"] for item in range(MOST_ITEMS)]
    assert desk.sizes == [MOST_ITEMS]
    assert desk.alone == 0


async def test_who_comes_alone_asks_for_themselves_at_once() -> None:
    desk = Desk()
    asked = asyncio.ensure_future(desk.ask(caller(), 7))

    await turns()

    assert asked.done()
    assert asked.result() == ["7 alone"]
    assert (desk.sizes, desk.alone) == ([], 1)


async def test_while_one_is_asked_for_the_others_gather() -> None:
    desk = Desk()
    desk.is_open.clear()
    first = asyncio.ensure_future(desk.ask(caller(), 0))
    await turns()
    others = desk.asks(30, caller())
    await turns()

    assert desk.sizes == []
    desk.is_open.set()

    assert await first == ["0 alone"]
    await asyncio.gather(*others)
    assert desk.sizes == [30]


async def test_nobody_gathers_longer_than_the_window_while_there_is_room() -> None:
    desk = Desk()
    desk.is_open.clear()
    first = asyncio.ensure_future(desk.ask(caller(), 0))
    await turns()
    others = desk.asks(2, caller())
    await asyncio.sleep(WINDOW_S * 5)

    assert desk.sizes == [2]
    desk.is_open.set()
    await asyncio.gather(first, *others)


async def test_a_call_has_so_many_and_so_many_calls_are_under_way() -> None:
    desk = Desk()
    desk.is_open.clear()
    asked = desk.asks((MOST_AT_ONCE + 2) * MOST_ITEMS, caller())
    await turns()
    under_way = list(desk.sizes)
    desk.is_open.set()
    await asyncio.gather(*asked)

    assert under_way == [MOST_ITEMS] * MOST_AT_ONCE
    assert desk.sizes == [MOST_ITEMS] * (MOST_AT_ONCE + 2)


async def test_what_two_want_is_asked_for_once() -> None:
    desk = Desk()

    found = await asyncio.gather(desk.ask(caller(), 1, 2), desk.ask(caller(), 2, 3))

    assert list(found) == [["1", "2"], ["2", "3"]]
    assert [items for _, items, _ in desk.calls] == [[1, 2, 3]]


async def test_tenants_are_never_asked_for_together() -> None:
    desk = Desk()

    await asyncio.gather(*desk.asks(3, caller("a")), *desk.asks(2, caller("b")))

    assert [(who.viewer.tenant, len(items)) for who, items, _ in desk.calls] == [("a", 3), ("b", 2)]
    assert {who.viewer for who, _, _ in desk.calls} == {
        nobody(who.viewer.tenant) for who, _, _ in desk.calls
    }


async def test_who_leaves_harms_nobody() -> None:
    desk = Desk()
    desk.is_open.clear()
    first, *others = desk.asks(3, caller())
    await turns()
    first.cancel()
    desk.is_open.set()

    assert await asyncio.gather(*others) == [["1"], ["2"]]
    assert first.cancelled()


async def test_who_leaves_before_the_call_is_not_in_it() -> None:
    desk = Desk()
    first, *others = desk.asks(3, caller())
    await asyncio.sleep(0)
    first.cancel()

    await asyncio.gather(*others)

    assert [items for _, items, _ in desk.calls] == [[1, 2]]


async def test_who_leaves_while_alone_makes_room_again() -> None:
    desk = Desk()
    desk.is_open.clear()
    for _ in range(MOST_AT_ONCE + 1):
        leaver = asyncio.ensure_future(desk.ask(caller(), 0))
        await turns()
        leaver.cancel()
        await turns()
    desk.is_open.set()

    assert await desk.ask(caller(), 1) == ["1 alone"]


async def test_each_waits_no_longer_than_their_own_time() -> None:
    desk = Desk()
    desk.is_open.clear()
    hasty, patient = (
        asyncio.ensure_future(desk.ask(caller(waits_s=waits_s), 0)) for waits_s in (0.01, 5.0)
    )

    with pytest.raises(UpstreamTimeout):
        await hasty
    desk.is_open.set()

    assert await patient == ["0"]
    [(gateway, _, _)] = desk.calls
    assert BUDGET_S / 2 < gateway.deadline.left_s() <= BUDGET_S


async def test_a_failure_is_each_ones() -> None:
    desk = Desk()
    desk.breaks = UpstreamUnreachable("away")

    found = await asyncio.gather(*desk.asks(3, caller()), return_exceptions=True)

    assert [type(one) for one in found] == [UpstreamUnreachable] * 3
    assert len({id(one) for one in found}) == 3


async def test_a_fault_of_our_own_leaves_nobody_waiting() -> None:
    desk = Desk()
    desk.breaks = KeyError("a fault")

    found = await asyncio.gather(*desk.asks(2, caller()), return_exceptions=True)

    assert [type(one) for one in found] == [UpstreamMisbehaved] * 2


async def test_who_has_seen_more_than_all_are_told_asks_for_themselves() -> None:
    desk = Desk(lambda answer, seen: seen.get(TOLD, 0) > 5)
    knowing = caller(seen={TOLD: 6, OTHERS: 9})

    found = await asyncio.gather(desk.ask(knowing, 1), desk.ask(caller(seen={TOLD: 5}), 2))

    assert list(found) == [["1 alone"], ["2"]]
    assert [seen for _, _, seen in desk.calls] == [{TOLD: 6}]


async def test_at_the_end_nobody_is_left_waiting() -> None:
    desk = Desk()
    desk.is_open.clear()
    asked = desk.asks((MOST_AT_ONCE + 1) * MOST_ITEMS, caller())
    await turns()

    await desk.together.close()

    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(one) for one in found} == {UpstreamUnreachable}
