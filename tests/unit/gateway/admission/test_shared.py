"""What is kept is told without a slot; what is made for many is made within one of somebody's."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.admission.admission import Admission
from gateway.admission.concurrency import LEAST, Limit
from gateway.admission.shares import Party
from gateway.operation.ask import Ask
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, TEACHER, add_tenant, course_id, viewer
from tests.faults.warm import Forgetful, Process, Told

COURSE = course_id("acme", 2)
ASK = Ask("query ($id: ID!) { course(id: $id) { code } }", {"id": COURSE})
ASKED = json.dumps({"query": ASK.query, "variables": ASK.variables}).encode()
WAITERS = 512
LEARNING, TEACHING = viewer("acme", LEARNER), viewer("acme", TEACHER)


class Watched(Admission):
    """Remembers how many ran at most; nobody has time to wait."""

    def __init__(self, budget_s: float) -> None:
        super().__init__(SystemClock(), Limit(LEAST), budget_s=budget_s)
        self.most = 0

    def _take(self, party: Party, *, came_first: bool = False) -> None:
        super()._take(party, came_first=came_first)
        self.most = max(self.most, self.running)

    def fill(self, who: Viewer) -> None:
        for _ in range(LEAST):
            self._take(Party(who.tenant, "another class", who.user))


class Desk:
    def __init__(self, home: Path, budget_s: float = 0.0) -> None:
        platform = FakePlatform()
        add_tenant(platform, "acme", courses=3)
        self.far = Forgetful(SystemClock())
        self.process = Process(home, {"legacy": platform}, self.far)
        self.admission = Watched(budget_s)
        engine = replace(self.process.engine, admission=self.admission)
        self.process.door = replace(self.process.door, engine=engine)

    async def ask(self, who: Viewer) -> Told:
        return await self.process.ask(who, ASKED)

    def forget(self) -> None:
        self.far.forget()
        self.process.near.clear()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_what_is_kept_is_told_where_there_is_no_slot(desk: Desk) -> None:
    warm = await desk.ask(LEARNING)
    desk.admission.fill(LEARNING)

    told = await desk.ask(LEARNING)

    assert warm[0] == 200
    assert told == warm


async def test_what_is_not_kept_is_refused_there(desk: Desk) -> None:
    await desk.ask(LEARNING)
    desk.admission.fill(LEARNING)
    desk.forget()

    status, body = await desk.ask(LEARNING)

    assert (status, b"OVERLOADED" in body) == (503, True)


async def test_whoever_waits_for_a_flight_holds_no_slot(desk: Desk) -> None:
    told = await asyncio.gather(*[desk.ask(LEARNING) for _ in range(WAITERS)])

    assert {status for status, _ in told} == {200}
    assert desk.admission.most == 1
    assert desk.admission.running == 0


async def test_they_are_refused_where_each_takes_a_slot_first(desk: Desk) -> None:
    operation = await desk.process.engine.read(ASK, LEARNING)

    async def ask_within_a_slot() -> Told:
        slot = await desk.admission.enter(operation, LEARNING, 0.0)
        try:
            return await desk.ask(LEARNING)
        finally:
            slot.leave()

    asking = [ask_within_a_slot() for _ in range(WAITERS)]
    told = await asyncio.gather(*asking, return_exceptions=True)

    assert sum(isinstance(one, BaseException) for one in told) > WAITERS / 2


async def test_whoever_joined_one_that_got_no_slot_answers_for_themselves(desk: Desk) -> None:
    desk.admission.fill(LEARNING)

    (first, _), (joined, _) = await asyncio.gather(desk.ask(LEARNING), desk.ask(TEACHING))

    assert (first, joined) == (503, 200)
    assert desk.admission.running == LEAST
