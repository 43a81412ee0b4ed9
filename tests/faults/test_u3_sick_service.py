"""U3: a service that fails a fifth of its calls loses its learners by itself, in all gateways."""

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg

from legacy.monolith.database import Connection
from legacy.monolith.settings import with_database
from services.contracts import assessment_api, progress_api
from tests.faults.faulty import Faulty
from tests.faults.registry import n
from tests.faults.rolling import ATTEMPTS, Platform, Traffic, platform, read, rolled_back_s, writes
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import Someone
from tests.stack import Stack

FIFTH, WITHIN_S, MOST_ERRORS = 5, 10.0, 0.005
COURSES = (progress_api.ENROLMENTS, progress_api.ENROLMENTS_OF_MANY)
PROGRESS = (progress_api.PROGRESS, progress_api.PROGRESS_OF_MANY)
LISTS = (assessment_api.MINE, assessment_api.WINDOWS)
WARM_S, AFTER_S, MOST_S = 2.0, 1.0, 12.0
DONE = "SELECT count(*) FROM outbox WHERE tenant_id = $1"
COMPLETED = re.compile(r"POST /lessons/(\d+)/complete")


async def once(
    made: Platform, sick: Faulty, asked: tuple[Any, ...], traffic: Traffic, most_s: float = 20.0
) -> float:
    """What a rollback took, of a service that was well until then."""
    sick.heard.clear()
    async with traffic.flows():
        await asyncio.sleep(WARM_S)
        await until(lambda: _is_asked(sick, asked))
        traffic.begin_to_count()
        sick.heard.clear()
        sick.every = FIFTH
        took_s = await rolled_back_s(sick, asked, most_s)
        sick.every = 0
        await asyncio.sleep(AFTER_S)
    await made.let_back()
    return took_s


async def _is_asked(sick: Faulty, asked: tuple[Any, ...]) -> bool:
    return bool(sick.last_s([one.path for one in asked]))


async def done_by(stack: Stack, tenant: str) -> int:
    """How many completions of the tenant's the service's own log of events has."""
    db = await asyncpg.connect(with_database(stack.database, "banyan_progress"))
    try:
        return int(await db.fetchval(DONE, tenant))
    finally:
        await db.close()


async def test_u3_a_sick_service_is_rolled_back_its_reads_answered_and_no_write_done_twice(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    async with platform(stack, monolith_db, tmp_path) as made:

        async def lists(who: Someone) -> dict[str, Any]:
            return await who.answer(ATTEMPTS, id=made.quiz())

        took, answers, said, to_write, written = [], 0, Counter[str](), writes(), 0
        for nth in range(n("U3")):
            if nth % 2:
                took.append(await once(made, made.assessment, LISTS, Traffic(made, lists)))
                continue
            both = Traffic(made, read, to_write)
            took.append(await once(made, made.progress, COURSES + PROGRESS, both))
            answers, written = answers + both.answers, written + both.written
            said += both.said
        commands, done = made.progress.commands, await done_by(stack, made.tenant)
        old = sum(bool(COMPLETED.match(line)) for line in made.monolith.requests())

    p95_s = sorted(took)[len(took) * 95 // 100]
    keys, failed = {one.key for one in commands}, sum(one.is_spoilt for one in commands)
    figure(
        "U3",
        runs=len(took),
        rollback_p95_s=round(p95_s, 1),
        reads=answers,
        read_errors=said.total(),
        writes=written,
        writes_that_failed=failed,
        writes_sent_again=len(commands) - len(keys),
        double_writes=done + old - written,
    )
    assert p95_s <= WITHIN_S
    assert answers > 100
    assert said.total() <= answers * MOST_ERRORS, said
    assert failed > 0
    # What has failed may be sent again under its key, to the same side, and is done once.
    assert len(commands) - len(keys) <= failed
    assert len(keys) == written
    assert (done, old) == (written, 0)


async def test_u3_fails_without_rollback(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    async with platform(stack, monolith_db, tmp_path, gateways=1, rollback="off") as made:
        took_s = await once(made, made.progress, COURSES, Traffic(made, read), MOST_S)

    figure("U3", rolled_back_without_rollback=int(took_s < WITHIN_S))
    assert took_s > WITHIN_S


async def test_u3_fails_without_fallback(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    async with platform(stack, monolith_db, tmp_path, gateways=1, read_fallback="off") as made:
        traffic = Traffic(made, read)
        await once(made, made.progress, COURSES + PROGRESS, traffic)

    figure("U3", read_errors_without_fallback=traffic.failed, reads_without=traffic.answers)
    assert traffic.failed > traffic.answers * MOST_ERRORS
