"""I4: every text of two tenants is marked; nothing that another's viewer gets has the mark."""

import asyncio
import logging
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.operation.ask import Ask
from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.settings import with_database
from resolvers import guards
from services.kit import log
from services.kit.redaction import Redaction
from tests.fakes.tenant import OPERATOR, add_tenant, assessment_id, class_id, course_id, viewer
from tests.faults.door import Door
from tests.figures import Recorder
from tests.integration.collector import Received, collecting
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.security.campus import ROLES, Campus, campus
from tests.security.canary import MARK, Overheard, Sweep, left_behind, written
from tests.security.exam import sit
from tests.security.visits import ask_for, listen, live, sit_on_the_old_side
from tests.sides import BOTH, turn
from tests.stack import Stack, forget
from tests.stack import stack as run_stack
from tests.system import MONOLITH_DATABASE, System

SIDES = ("legacy", "service")
EARS = {"bodies", "frames"}
PLACES = {"headers", "output", "logs/gateway.1.log", "cache keys", "spans of gateway"}
PLACES |= {"spans of monolith", "spans of assessment", "spans of progress", "spans of feeder"}
QUIET_S = 0.5


@pytest.fixture(scope="module")
async def received(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Received]:
    async with collecting(tmp_path_factory.mktemp("collector")) as made:
        yield made


@pytest.fixture(scope="module")
async def stack(
    received: Received, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    """A system of our own, of which all that it ever said is known, and every span."""
    home = tmp_path_factory.mktemp("canaries") / "home"
    said = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": received.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "BANYAN_REQUEST_BUDGET_MS": "20000",
        "BANYAN_UPSTREAM_BUDGET_MS": "10000",
        "BANYAN_COST_BUDGET": "1e12",
        "BANYAN_VIEWER_RATE": "0",
        "BANYAN_TENANT_RATE": "0",
    }
    with run_stack(home, options=("--empty",), **said) as running:
        yield running
    forget(home)


@pytest.fixture(scope="module")
async def campuses(stack: Stack) -> list[Campus]:
    """A free one and two that are marked, with exams: of the first two on the old side."""
    async with _made(stack) as (system, db):
        made = [await campus(db, "free")]
        made += [await campus(db, f"caged-on-{side}", MARK) for side in SIDES]
        await turn(stack, made[2].tenant, "service", *BOTH)
        for one in made[:2]:
            await sit_on_the_old_side(system, one)
        await sit(system, made[2])
    return made


@asynccontextmanager
async def _made(stack: Stack) -> AsyncIterator[tuple[System, Connection]]:
    system, url = System(stack), with_database(stack.database, MONOLITH_DATABASE)
    db = await database.connect(url)
    try:
        yield system, db
    finally:
        await db.close()
        await system.close()


async def test_i4_no_mark_leaves_its_tenant(
    stack: Stack, campuses: list[Campus], received: Received, figure: Recorder
) -> None:
    own, *caged = campuses
    inside = [_people(stack, one) for one in caged]
    outside = _people(stack, own)

    for round_, side in enumerate(SIDES):
        if side == "service":
            await turn(stack, own.tenant, side, *BOTH)
        async with AsyncExitStack() as ends:
            await listen(ends, outside, [own, *caged])
            for at, people in zip(caged, inside, strict=True):
                await listen(ends, people, [at])
                await live(people, at, round_)
            await ask_for(outside, own, caged)
            await live(outside, own, round_)
            await _until_quiet(received)
    theirs = [_swept(people) for people in inside]
    ours = _swept(outside)
    await left_behind(stack, received.spans, ours)
    for someone in chain(outside.values(), *[people.values() for people in inside]):
        await someone.close()

    figure(
        "I4",
        marks=ours.marks.total(),
        places_looked=len(ours.places),
        bytes_looked=ours.bytes_looked,
        marks_told_to_their_own=sum(sweep.marks.total() for sweep in theirs),
    )
    assert ours.marks == {}
    assert [{"bodies", "frames"} & set(sweep.marks) for sweep in theirs] == [EARS, EARS]
    assert {*EARS, *PLACES} <= ours.places


async def test_i4_fails_without_the_guard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Over sources that tell anybody everything."""
    guarded = await _swept_door(_door(tmp_path))
    monkeypatch.setattr(guards, "_is_own", lambda ctx, text, kinds: True)

    open_ = await _swept_door(_door(tmp_path))

    figure("I4", marks_without_the_guard=open_.marks.total())
    assert guarded.marks == {}
    assert open_.marks["bodies"] > 0


async def test_i4_fails_without_logs_that_keep_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """A door that notes each document it reads."""
    silent = await _swept_logs(tmp_path)
    reads = Engine.read

    async def talks(engine: Engine, ask: Ask, *who: Any) -> Operation:
        log.Log("door").info("document.read", text=ask.query)
        return await reads(engine, ask, *who)

    monkeypatch.setattr(Engine, "read", talks)

    told = await _swept_logs(tmp_path)

    figure("I4", marks_in_a_log_that_talks=told.marks.total())
    assert silent.marks == {}
    assert told.marks["logs/gateway.log"] > 0


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_i4_a_mark_is_seen_in_each_form(before: str) -> None:
    text = f"{before}{MARK}, and more".encode()

    for said in (text, text.hex().encode(), b64encode(text), urlsafe_b64encode(text)):
        sweep = Sweep()
        sweep.look("here", [b"said: " + said])

        assert sweep.marks == {"here": 1}


def _people(stack: Stack, at: Campus) -> dict[int, Overheard]:
    return {
        user: Overheard(stack.gateway, token(stack.home, at.tenant, user, role))
        for user, role in ROLES.items()
    }


def _swept(people: dict[int, Overheard]) -> Sweep:
    sweep = Sweep()
    for someone in people.values():
        someone.heard.looked_at(sweep)
    return sweep


async def _until_quiet(received: Received) -> None:
    """No span has come for a while: the last of them have."""
    counts = [-1]

    async def is_quiet() -> bool:
        await asyncio.sleep(QUIET_S)
        counts.append(sum(map(len, received.spans.values())))
        return counts[-1] == counts[-2]

    await until(is_quiet, most_s=20)


def _door(home: Path) -> Door:
    """Two tenants, of which the other one's titles are marked."""
    door = Door(home, who=viewer("acme", OPERATOR))
    platform = door.platform
    add_tenant(platform, "other")
    course, quiz, lecture = course_id("other"), assessment_id("other"), class_id("other")
    platform.courses[course] = replace(platform.courses[course], title=MARK)
    platform.assessments[quiz] = replace(platform.assessments[quiz], title=MARK)
    platform.live_classes[lecture] = replace(platform.live_classes[lecture], title=MARK)
    return door


async def _swept_door(door: Door) -> Sweep:
    ids = {"course": course_id, "assessment": assessment_id, "liveClass": class_id}
    sweep = Sweep()
    async with door.client() as client:
        for root, id_of in ids.items():
            query = f'{{ {root}(id: "{id_of("other")}") {{ title }} }}'
            answer = await client.post("/graphql", json={"query": query})
            sweep.look("bodies", [answer.content])
    return sweep


async def _swept_logs(home: Path) -> Sweep:
    """What a gateway writes while its client says a mark."""
    query = f'{{ node(id: "{MARK}") {{ id }} }}'
    with _logged_to(home / "logs" / "gateway.log"):
        async with _door(home).client() as client:
            await client.post("/graphql", json={"query": query})
    sweep = Sweep()
    for place, said in written(home):
        sweep.look(place, [said])
    return sweep


@contextmanager
def _logged_to(path: Path) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    handler, logger = logging.FileHandler(path), logging.getLogger("door")
    handler.setFormatter(log.AsJson(Redaction({})))
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
        handler.close()
