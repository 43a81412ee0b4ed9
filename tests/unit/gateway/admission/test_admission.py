"""At the door: at once where there is room, else a short wait, or a refusal that says when."""

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from graphql import ExecutionResult

from gateway.admission import admission as door
from gateway.admission.admission import MOST_EXAMS_A_VIEWER, Admission
from gateway.admission.concurrency import LEAST, UNTRIED, Limit
from gateway.admission.priority import Priority
from gateway.admission.rate_limit import Rates
from gateway.admission.refusing import Refusing
from gateway.admission.slot import Slot
from gateway.bad_request import BadRequest
from gateway.execution.operation import Operation
from schema.contract import core_schema
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from tests.fakes.asking import operation_of
from tests.fakes.tenant import course_id
from tests.faults.door import Door

NAME = "{ viewer { name } }"
EXAM = "{ attempt(id: 1) { state } }"
PARTS = "multipart/mixed;incrementalSpec=v0.2"
CLOCK = SystemClock()
SLOTS = 10
Crowded: TypeAlias = tuple[Operation, list[Slot]]


def asked(query: str) -> Operation:
    found = operation_of(core_schema(), query, {})
    assert not isinstance(found, ExecutionResult)
    return found


def learner(user: int, tenant: str = "acme") -> Viewer:
    return Viewer(TenantId(tenant), UserId(str(user)), frozenset({Role.LEARNER}))


@pytest.fixture
def admission() -> Admission:
    """Of its ten slots eight are for what is ordinary."""
    return Admission(CLOCK, Limit(SLOTS), refusing=Refusing(CLOCK, lambda: 0.0))


async def fill(admission: Admission, operation: Operation, viewer: Viewer) -> list[Slot]:
    room = SLOTS if "attempt" in str(operation.ask.query) else 8
    return [await enter(admission, operation, viewer) for _ in range(room)]


async def enter(admission: Admission, operation: Operation, viewer: Viewer) -> Slot:
    return await admission.enter(operation, viewer, CLOCK.monotonic_s())


async def test_where_there_is_room_nobody_waits_for_the_loop(admission: Admission) -> None:
    entering = admission.enter(asked(NAME), learner(1), 0.0)

    with pytest.raises(StopIteration):
        entering.send(None)
    assert admission.running == 1


async def test_a_slot_is_given_back_once(admission: Admission) -> None:
    slot = await enter(admission, asked(NAME), learner(1))

    slot.leave()
    slot.leave(counts=False)

    assert admission.running == 0


async def test_whoever_waits_gets_the_slot_that_is_given_back(admission: Admission) -> None:
    held = await fill(admission, asked(NAME), learner(1))
    waiting = asyncio.ensure_future(enter(admission, asked(NAME), learner(1)))
    await asyncio.sleep(0)
    assert not waiting.done()

    held[0].leave()

    assert isinstance(await waiting, Slot)
    assert admission.running == 8


async def test_who_waits_in_vain_is_told_when_to_come_again(admission: Admission) -> None:
    await fill(admission, asked(NAME), learner(1))

    with pytest.raises(BadRequest) as refused:
        await enter(admission, asked(NAME), learner(1))

    refusal = refused.value.refusal
    assert (refusal.status, refusal.code) == (503, "OVERLOADED")
    assert refusal.headers == {"retry-after": "1"}
    assert refusal.about == {"advice": "RETRY_LATER", "retryAfterMs": 1_000}
    assert len(admission._queue) == 0


@pytest.mark.parametrize(("served", "is_soon"), [(0, False), (300, True)])
async def test_the_more_are_served_the_sooner_a_herd_may_come_again(
    admission: Admission, served: int, is_soon: bool
) -> None:
    for _ in range(served):
        (await enter(admission, asked(NAME), learner(1))).leave()
    await fill(admission, asked(NAME), learner(1))

    herd = [enter(admission, asked(NAME), learner(user)) for user in range(2, 102)]
    refused = await asyncio.gather(*herd, return_exceptions=True)

    told_ms = [one.refusal.about["retryAfterMs"] for one in refused if isinstance(one, BadRequest)]
    assert (max(told_ms) <= 1_000) is is_soon


@pytest.fixture
async def crowded(admission: Admission) -> Crowded:
    """Something of one class, of which eight have all that is for them; learner 1 was in before."""
    of_class = asked(f'{{ course(id: "{course_id("acme", 2)}") {{ code }} }}')
    (await enter(admission, of_class, learner(1))).leave()
    return of_class, [await enter(admission, of_class, learner(user)) for user in range(3, 11)]


async def test_from_a_queue_that_stands_who_goes_on_is_not_sent_away(
    admission: Admission,
    crowded: Crowded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_class, held = crowded
    monkeypatch.setattr(door, "STANDING_S", -1.0)
    monkeypatch.setitem(door.IN_A_STANDING_QUEUE_S, Priority.INTERACTIVE, 0.0)

    goes_on = asyncio.ensure_future(enter(admission, of_class, learner(1)))
    await asyncio.sleep(0)
    with pytest.raises(BadRequest):
        await enter(admission, of_class, learner(2))
    held[0].leave()

    assert isinstance(await goes_on, Slot)


async def test_nobody_has_less_patience_for_the_line_of_another_class(
    admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_one, of_other = (
        asked(f'{{ course(id: "{course_id("acme", of)}") {{ code }} }}') for of in (2, 3)
    )
    for user in range(4):
        await enter(admission, of_one, learner(user))
    held = [await enter(admission, of_other, learner(user)) for user in range(4, 8)]
    monkeypatch.setattr(door, "STANDING_S", 0.02)
    monkeypatch.setitem(door.IN_A_STANDING_QUEUE_S, Priority.INTERACTIVE, 0.0)
    stands = asyncio.ensure_future(enter(admission, of_one, learner(8)))
    await asyncio.sleep(0.03)

    waits = asyncio.ensure_future(enter(admission, of_other, learner(9)))
    with pytest.raises(BadRequest):
        await enter(admission, of_one, learner(10))
    held[0].leave()

    assert isinstance(await waits, Slot)
    assert not stands.done()
    stands.cancel()


async def test_who_goes_on_is_told_no_turn_of_the_herds(
    admission: Admission, crowded: Crowded
) -> None:
    of_class, _ = crowded

    everybody = (1, *range(20, 100))
    herd = [enter(admission, of_class, learner(user)) for user in reversed(everybody)]
    refused = await asyncio.gather(*herd, return_exceptions=True)

    told_ms = [one.refusal.about["retryAfterMs"] for one in refused if isinstance(one, BadRequest)]
    assert max(told_ms) > 2_000
    assert told_ms[-1] == 1_000


async def test_who_came_first_has_had_their_turn(admission: Admission, crowded: Crowded) -> None:
    of_class, held = crowded
    is_new = asyncio.ensure_future(enter(admission, of_class, learner(2)))
    came_first = asyncio.ensure_future(enter(admission, of_class, learner(1)))
    await asyncio.sleep(0)
    held[0].leave()
    await came_first

    comes_again = asyncio.ensure_future(enter(admission, of_class, learner(1)))
    await asyncio.sleep(0)
    held[1].leave()
    await is_new

    assert not comes_again.done()
    comes_again.cancel()


async def test_an_exam_begins_where_the_rest_waits(admission: Admission) -> None:
    await fill(admission, asked(NAME), learner(1))

    slot = await enter(admission, asked(EXAM), learner(1))

    assert isinstance(slot, Slot)
    assert admission.running == 9


async def test_who_runs_nothing_begins_beside_one_who_runs_all(admission: Admission) -> None:
    await fill(admission, asked(NAME), learner(1))

    await enter(admission, asked(NAME), learner(2, "other"))

    assert admission.running == 9


async def test_of_the_only_tenant_that_asks_nobody_begins_beyond_the_slots() -> None:
    admission = Admission(CLOCK, Limit(SLOTS), budget_s=0.0)
    for nth in range(8):
        await enter(admission, asked(NAME), learner(nth % 2))

    with pytest.raises(BadRequest):
        await enter(admission, asked(NAME), learner(0))


async def test_a_client_who_leaves_takes_no_slot_along(admission: Admission) -> None:
    held = await fill(admission, asked(NAME), learner(1))
    waiting = asyncio.ensure_future(enter(admission, asked(NAME), learner(1)))
    granted = asyncio.ensure_future(enter(admission, asked(NAME), learner(1)))
    await asyncio.sleep(0)

    waiting.cancel()
    held[0].leave()
    granted.cancel()
    await asyncio.gather(waiting, granted, return_exceptions=True)
    for slot in held[1:]:
        slot.leave()

    assert (admission.running, len(admission._queue)) == (0, 0)
    assert not admission._shares._tenants


async def test_who_is_alone_has_all_there_is() -> None:
    admission = Admission(CLOCK, Limit(512), budget_s=0.0)

    for _ in range(math.ceil(0.8 * 512)):
        await enter(admission, asked(NAME), learner(1))

    with pytest.raises(BadRequest):
        await enter(admission, asked(NAME), learner(1))


async def begin(admission: Admission, number: int) -> "list[asyncio.Task[Slot]]":
    """By one viewer, beside another's."""
    await enter(admission, asked(NAME), learner(2))
    entering = [enter(admission, asked(NAME), learner(1)) for _ in range(number)]
    tasks = [asyncio.ensure_future(one) for one in entering]
    await asyncio.sleep(0)
    return tasks


async def test_beside_others_nobody_begins_more_than_was_tried() -> None:
    admission = Admission(CLOCK, Limit(512))

    tasks = await begin(admission, 200)
    at_once = admission.running
    await enter(admission, asked(NAME), learner(3))
    told = await asyncio.gather(*tasks)

    assert at_once < UNTRIED
    assert len(told) == 200


async def test_who_waits_while_it_turns_out_to_be_too_much_is_refused() -> None:
    limit = Limit(512)
    admission = Admission(CLOCK, limit)

    tasks = await begin(admission, 200)
    at_once = admission.running
    limit.now = float(LEAST)
    told = await asyncio.gather(*tasks, return_exceptions=True)

    assert sum(isinstance(one, Slot) for one in told) < at_once
    assert admission.running == at_once


async def test_beside_others_one_viewer_runs_so_many_exams_at_once() -> None:
    limit = Limit(512)
    limit._tried = 512.0
    admission = Admission(CLOCK, limit, budget_s=0.0)
    await enter(admission, asked(NAME), learner(2))
    for _ in range(MOST_EXAMS_A_VIEWER):
        await enter(admission, asked(EXAM), learner(1))

    with pytest.raises(BadRequest) as refused:
        await enter(admission, asked(EXAM), learner(1))
    await enter(admission, asked(EXAM), learner(3))

    assert (refused.value.refusal.status, refused.value.refusal.code) == (429, "RATE_LIMITED")
    assert refused.value.refusal.about["advice"] == "SLOW_DOWN"


async def test_without_a_limit_nothing_is_counted() -> None:
    admission = Admission(CLOCK)

    for _ in range(1_000):
        await enter(admission, asked(NAME), learner(1))

    assert admission.running == 0


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[tuple[Door, httpx.AsyncClient]]:
    door = Door(tmp_path)
    door.engine = replace(
        door.engine, admission=Admission(CLOCK, Limit(LEAST), Rates(CLOCK, 5.0, 0.0))
    )
    async with door.client() as made:
        yield door, made


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", PARTS])
async def test_over_http_it_is_refused_before_anything_runs(
    client: tuple[Door, httpx.AsyncClient], accept: str
) -> None:
    door, http = client
    headers = {"accept": accept}
    answers = [await http.post("/graphql", json={"query": NAME}, headers=headers) for _ in range(9)]
    refused = answers[-1]
    error: dict[str, Any] = refused.json()["errors"][0]
    assert (refused.status_code, error["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert int(refused.headers["retry-after"]) >= 1
    assert error["extensions"]["retryAfterMs"] > 0
    assert error["extensions"]["advice"] == "SLOW_DOWN"
    assert door.executed == sum(one.status_code == 200 for one in answers) < 9
    assert door.engine.admission.running == 0
