"""Row I8: a text stays a text, wherever it is said and whatever it means to somebody else."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest

from legacy.monolith import database, seed
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, Side, encode
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.security.campus import LEARNER, TEACHER, Campus, campus
from tests.security.exam import done, sit
from tests.security.injection import INPUTS, QUERIES, SUBSCRIPTIONS, Injector, Reply, ways
from tests.security.payloads import MARK, PAYLOADS
from tests.security.receivers import Receivers, changed_texts, kept_texts
from tests.security.texts import Path, places
from tests.sides import BOTH, turn
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE, NUMBERS, System

AT_ONCE = 8
SIDES = ["legacy", "service"]
FAULTS = {"INTERNAL", "INTERNAL_SERVER_ERROR", "UPSTREAM_UNAVAILABLE", "UPSTREAM_TIMEOUT"}
LAST = ["submitAttempt", "voidAttempt", "leaveLiveClass", "endLiveClass"]
"""After them the open attempt is no more, nor the class."""
JOIN = """mutation ($id: ID!) { joinLiveClass(input: { classId: $id, key: "in" }) {
  __typename } }"""


@pytest.fixture(scope="module")
async def system(stack: Stack) -> AsyncIterator[System]:
    made = System(stack)
    yield made
    await made.close()


@pytest.mark.parametrize("said_in", ["asked", "done"])
@pytest.mark.parametrize("side", SIDES)
async def test_i8_a_text_stays_a_text_wherever_it_is_said(
    system: System, campuses: dict[str, Campus], side: str, said_in: str, figure: Recorder
) -> None:
    receivers, own, bystander = Receivers(system.stack), campuses[side], campuses["bystander"]
    asked = [one for one in places() if (one[0] == "Mutation") == (said_in == "done")]
    tables, others = await receivers.tables(), await receivers.rows(bystander.tenant)
    sizes = receivers.sizes()

    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        injector = Injector(system.stack, http, own)
        wrong = await _inject(injector, _in_order(asked))

    rows = await receivers.rows(own.tenant)
    kept = kept_texts(rows) | (injector.echoed & set(PAYLOADS.values()))
    figure("I8", **{f"places_{said_in}_{side}": len(asked), f"sent_{side}": injector.sent})
    figure("I8", **{f"kept_to_the_letter_{side}": len(kept), f"answered_badly_{side}": len(wrong)})
    assert wrong == {}
    assert await receivers.tables() == tables
    assert await receivers.rows(bystander.tenant) == others
    assert changed_texts(rows) == []
    assert await receivers.foreign_keys() == []
    assert receivers.odd_lines(sizes) == []
    assert receivers.paths(sizes) == []
    assert said_in == "asked" or len(kept) > n("I8") // 2


def test_i8_every_text_of_the_contract_has_a_case() -> None:
    commands = {("Mutation", name) for name in INPUTS}

    assert {
        place
        for place in places()
        if place not in QUERIES and place not in SUBSCRIPTIONS and place[:2] not in commands
    } == set()
    assert len(PAYLOADS) == n("I8")


@pytest.fixture(scope="module")
async def campuses(system: System) -> dict[str, Campus]:
    """One for each side, and one of which nothing may change."""
    made = {side: await _campus(system, side) for side in SIDES}
    for one in made.values():
        await until(partial(_is_held, system, one), most_s=30)
    return made | {"bystander": await _campus(system, "service")}


async def _campus(system: System, side: str) -> Campus:
    """With an attempt that is open on the side."""
    address = with_database(system.stack.database, MONOLITH_DATABASE)
    db = await database.connect(address)
    made = await campus(db, f"said-{next(NUMBERS)}")
    await _class_now(db, made)
    await db.close()
    if side == "service":
        await sit(system, made)
    else:
        await turn(system.stack, made.tenant, side, *BOTH)
        anna = system.someone(made.tenant, LEARNER)
        begun = await done(anna, "startAttempt", f'assessmentId: "{made.exam}"')
        made.also[Kind.ATTEMPT] = [begun["attempt"]["id"]]
    await turn(system.stack, made.tenant, side, *BOTH)
    return made


async def _class_now(db: database.Connection, made: Campus) -> None:
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    day = timedelta(days=1)
    number = await seed.live_class(db, made.tenant, 1, now - day, now + day, teacher=TEACHER)
    made.also[Kind.LIVE_CLASS] = [encode(Kind.LIVE_CLASS, made.tenant, number, Side.LEGACY)]
    inside = encode(Kind.PARTICIPANT, made.tenant, f"l{number}.{LEARNER}")
    made.also[Kind.PARTICIPANT] = [inside]


async def _is_held(system: System, made: Campus) -> bool:
    """With both in it."""
    [id_] = made.also[Kind.LIVE_CLASS]
    people = {TEACHER: "TEACHER", LEARNER: "LEARNER"}
    said = [
        await system.someone(made.tenant, who, role).answer(JOIN, id=id_)
        for who, role in people.items()
    ]
    joined = [(one.get("data") or {}).get("joinLiveClass") or {} for one in said]
    return all(one.get("__typename") == "JoinTicket" for one in joined)


async def _inject(injector: Injector, asked: Iterable[Path]) -> Counter[str]:
    """What was answered badly: by place, text and way."""
    wrong: Counter[str] = Counter()
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(place: Path, name: str, way: str) -> None:
        async with turns:
            reply = await injector.send(place, PAYLOADS[name], way)
        injector.echoed |= {text for text in reply.texts if MARK in text}
        if said := _wrong_with(reply):
            wrong[f"{'.'.join(place)} {name} by {way}: {said}"] += 1

    for place in asked:
        async with asyncio.TaskGroup() as work:
            for name in PAYLOADS:
                for way in ways(place):
                    work.create_task(one(place, name, way))
    return wrong


def _wrong_with(reply: Reply) -> str:
    if reply.status >= 500 or "x-injected" in reply.headers.lower():
        return f"{reply.status} {reply.headers}"
    changed = {text for text in reply.texts if MARK in text} - set(PAYLOADS.values())
    return ", ".join([*(reply.codes & FAULTS), *changed])


def _in_order(asked: Iterable[Path]) -> list[Path]:
    return sorted(asked, key=lambda place: LAST.index(place[1]) if place[1] in LAST else -1)
