"""D3: PostgreSQL is killed at each step of a submit, the client sends it again: one effect."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SUBMIT, Outcome, Submit
from services.contracts.errors import Refused
from tests.faults.effects import Verdict, judge
from tests.faults.exams import Exams, exams
from tests.faults.own_postgres import Server, own_postgres
from tests.faults.quiz import answers
from tests.faults.registry import n
from tests.faults.steps import STEPS, Step
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.stack import Stack

SHARE = 25
"""Of the row's N so many are kills of the service, to one of its database."""
WORKS_WITHIN_S = 60.0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with own_postgres(tmp_path / "home") as running:
        yield running


@pytest.fixture
async def hall(stack: Stack, server: Server) -> AsyncIterator[Exams]:
    async with exams(replace(stack, database=server.url), "banyan_test_d3_killed") as made:
        await made.define()
        yield made


async def test_d3_a_submit_whose_database_was_killed_and_sent_again_has_one_effect(
    hall: Exams, server: Server, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    times = max(1, n("D3") // SHARE)
    users = await hall.admit(times * len(STEPS))
    attempts = await hall.begin(users)
    steps = [step for step in STEPS.values() for _ in range(times)]
    replies = []

    for step, user, attempt in zip(steps, users, attempts, strict=True):
        with monkeypatch.context() as patched:
            await kill(patched, server, step, hall, user, Submit(attempt, answers()))
        await server.start()
        replies.append(await at_last(hall, user, Submit(attempt, answers())))

    verdict = await judge(hall)
    figure("D3", kills_of_the_database=len(replies), lost=verdict.lost, doubled=verdict.doubled)
    assert verdict == Verdict()
    assert all(not one.duplicate for one in replies)


async def kill(
    patched: pytest.MonkeyPatch, server: Server, step: Step, hall: Exams, user: int, said: Submit
) -> None:
    """In the midst of a command; whoever is told of a success has one."""
    patched.setattr(step.owner, step.method, step.struck(server.kill))
    told = await hall.do(user, SUBMIT, said, "the one")
    assert is_unknown(told) or isinstance(told, AttemptAccepted)


async def at_last(hall: Exams, user: int, said: Submit) -> AttemptAccepted:
    """Sent again until it is not for the moment alone that nothing is done."""
    told: list[Outcome | Refused] = []

    async def is_told() -> bool:
        again = await hall.do(user, SUBMIT, said, "the one")
        told.append(again)
        return not is_unknown(told[-1])

    await until(is_told, WORKS_WITHIN_S)
    done = told[-1]
    assert isinstance(done, AttemptAccepted), done
    return done


def is_unknown(reply: Outcome | Refused) -> bool:
    return isinstance(reply, Refused) and reply.retryable
