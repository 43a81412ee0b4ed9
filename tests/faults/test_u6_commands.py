"""U6: the service tells what it would have made of a command to the monolith, and does nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flags.names import ASSESSMENT_ATTEMPTS
from gateway.shadow.compared import Counts
from legacy.monolith import database
from legacy.monolith.settings import with_database
from services.storage import db
from services.storage.db import Connection
from tests.caught_up import has_caught_up
from tests.faults.exam_takers import OF_ONE, Hall, Taker, hall
from tests.faults.registry import n
from tests.faults.shadowed import Shadowed, shadowed
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE, NUMBERS

SERVICE_DATABASE = "banyan_assessment"
AT_ONCE = 2
STILL_S = 2.5
LEARNERS = 3
"""Of whom what is planted is told."""
TOLD = (
    ["WINDOW_CLOSED", "AttemptAccepted", "AttemptAccepted"]
    + 9 * ["AttemptAccepted"]
    + ["AttemptAccepted", "ATTEMPT_CLOSED", "NOT_FOUND"]
)

DEFINE = """
UPDATE definitions SET data = data || $3::jsonb WHERE tenant_id = $1 AND assessment_id = $2
"""
RULE = """
INSERT INTO rules (tenant_id, assessment_id, data, by, at)
VALUES ($1, $2, $3::jsonb, 1, now() - interval '1 day')
"""
FEWER, MORE, SHORTER = {"attempts_allowed": 1}, {"attempts_allowed": 9}, {"time_limit_s": 1_200}
STRICT = {"at_end": "ABANDON", "late_for_s": 0}
PLANTED = {
    ("attempting.start", "error_there"): 1,
    ("attempting.start", "error_here"): 1,
    ("attempting.save", "error_there"): 1,
    ("attempting.submit", "error_there"): 1,
    ("Decided.ends_at", "value"): 9,
}
"""Of one learner: a start too many and one too few, work that is too late, ends that are sooner."""
EVERYWHERE = """
SELECT (SELECT count(*) FROM attempts WHERE tenant_id = $1)
    + (SELECT count(*) FROM answers WHERE tenant_id = $1)
    + (SELECT count(*) FROM attempt_events WHERE tenant_id = $1)
    + (SELECT count(*) FROM outbox WHERE tenant_id = $1)
    + (SELECT count(*) FROM command_keys WHERE tenant_id = $1)
"""


@pytest.fixture
async def old(stack: Stack) -> AsyncIterator[Connection]:
    connection = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    yield connection
    await connection.close()


@pytest.fixture
async def new(stack: Stack) -> AsyncIterator[Connection]:
    connection = await db.connect(with_database(stack.database, SERVICE_DATABASE))
    yield connection
    await connection.close()


async def a_hall(old: Connection, learners: int) -> Hall:
    made = await hall(old, f"hall-u6-{next(NUMBERS)}", learners)
    await until(lambda: has_caught_up(old), most_s=60)
    # What was defined within the second may be what is judged by, or not.
    await asyncio.sleep(STILL_S)
    return made


async def taken(at: Shadowed, made: Hall, *, compared: bool = True) -> list[list[str]]:
    """What each was told; a few at a time, so that all they do is compared."""
    told: list[list[str]] = []
    for first in range(0, len(made.learners), AT_ONCE):
        users = made.learners[first : first + AT_ONCE]
        some = [Taker(at.gateway.url, at.home, made, user) for user in users]
        await asyncio.gather(*(one.take() for one in some))
        told += [one.told for one in some]
        if compared:
            await at.settled(len(told) * OF_ONE)
    return told


async def test_u6_what_the_service_would_have_decided_is_compared_and_nothing_is_done(
    stack: Stack, old: Connection, new: Connection, tmp_path: Path, figure: Recorder
) -> None:
    made = await a_hall(old, n("U6") // 60)
    async with shadowed(stack, tmp_path, capabilities=[ASSESSMENT_ATTEMPTS]) as at:
        told = await taken(at, made)
        counts = await at.all()

    figure(
        "U6",
        commands=len(told) * OF_ONE,
        commands_compared=counts.compared.compared,
        commands_differing=counts.compared.differing,
        commands_not_judged=counts.numbers["lag"] + counts.numbers["dropped"],
    )
    assert all(one == TOLD for one in told), told[0]
    assert counts.compared.differing == 0, counts.samples
    assert counts.compared.compared > 0.9 * len(told) * OF_ONE, counts.numbers
    assert counts.values().keys() >= {"Decided.number", "Decided.state", "Decided.late"}
    assert await new.fetchval(EVERYWHERE, made.tenant) == 0


async def planted(
    stack: Stack, old: Connection, new: Connection, home: Path, *, compared: bool
) -> Counts:
    module = "gateway.main" if compared else "tests.faults.unforetold_gateway"
    made = await a_hall(old, LEARNERS)
    async with shadowed(stack, home, module=module, capabilities=[ASSESSMENT_ATTEMPTS]) as at:
        await new.execute(RULE, made.tenant, made.work, STRICT)
        await new.execute(DEFINE, made.tenant, made.test, FEWER | SHORTER)
        await taken(at, made, compared=compared)
        await new.execute(DEFINE, made.tenant, made.test, MORE)
        # What was done a second ago may have come behind what is refused now.
        await asyncio.sleep(STILL_S)
        for user in made.learners:
            await Taker(at.gateway.url, at.home, made, user).over()
        await asyncio.sleep(STILL_S)
        return await at.settled(LEARNERS * (OF_ONE + 1)) if compared else await at.all()


async def test_u6_each_planted_difference_of_a_command_is_found(
    stack: Stack, old: Connection, new: Connection, tmp_path: Path, figure: Recorder
) -> None:
    counts = await planted(stack, old, new, tmp_path, compared=True)

    found, not_judged = counts.differences(), counts.numbers["lag"] + counts.numbers["dropped"]
    wanted = {sign: times * LEARNERS for sign, times in PLANTED.items()}
    figure(
        "U6",
        planted_in_commands=sum(wanted.values()),
        found_in_commands=sum(found.values()),
        commands_not_judged=not_judged,
    )
    assert not_judged == 0, counts.numbers
    assert found == wanted, counts.samples


async def test_u6_fails_without_a_dry_run(
    stack: Stack, old: Connection, new: Connection, tmp_path: Path, figure: Recorder
) -> None:
    counts = await planted(stack, old, new, tmp_path, compared=False)

    figure("U6", found_in_commands_without_a_dry_run=counts.compared.differing)
    assert counts.compared.differing == 0
