"""Whoever is at work when the service goes sees what is saved, and why they wait; nobody else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from gateway.attempts.copies import SAVED, Copy, RedisCopies
from services.assessment.service import Addresses
from services.contracts.assessment import (
    Answer,
    Attempt,
    AttemptAccepted,
    AttemptState,
    Response,
)
from services.contracts.errors import HIDDEN, UpstreamUnreachable
from services.contracts.ids import AttemptId, Kind, Side, decode, encode, learner_id
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.redis import redis_of
from tests.fakes.tenant import NOW, assessment_id, course_id
from tests.faults.exams import NOBODY, TENANT, Exams, exams, viewer
from tests.faults.quiz import QUIZ
from tests.faults.silent_service import SILENT_S, quick
from tests.faults.whole_service import whole
from tests.integration.monolith.serving import free_port
from tests.integration.monolith.waiting import until
from tests.learner import Someone, codes, token
from tests.pair import gateway
from tests.stack import Stack

ATTEMPT = """query ($id: ID!) { attempt(id: $id) { state version answers { itemId text }
  window { endsAt serverNow } asOf { freshness lagMs }
  waiting { knownAt code message willBeCredited } } }"""
SAVE = """mutation ($id: ID!, $key: ID!, $text: String!) { saveAnswers(input: { attemptId: $id,
  key: $key, answers: [{ itemId: "q3", sequence: 5, response: { text: $text } }] }) {
    __typename ... on Error { code retryable retryAfterMs } } }"""
LATER = {"code": "UPSTREAM_UNAVAILABLE", "retryable": True, "retryAfterMs": 1_000}
ANNA, BEN = 100, 101
SAVED_ANSWER = Answer("q3", 5, Response(text="mitosis"), NOW)
LIMIT_S = 600


@dataclass
class Hall:
    """A service that comes and goes, and a gateway that asks it at its port."""

    exams: Exams
    stack: Stack
    port: int

    def serving(self) -> AbstractAsyncContextManager[str]:
        at = Addresses(self.exams.database, self.stack.redis, NOBODY)
        return whole(at, arm=quick, port=self.port)

    async def sit(self) -> tuple[str, str]:
        """Both begin, past the gateway."""
        await self.exams.define(replace(QUIZ, time_limit_s=LIMIT_S))
        mine, others = await self.exams.begin(await self.exams.admit(2, first=ANNA))
        return named_of(mine), named_of(others)


def named_of(local: str) -> str:
    return encode(Kind.ATTEMPT, TENANT, local, Side.SERVICE)


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Hall]:
    async with exams(stack, "banyan_test_copies") as made:
        yield Hall(made, stack, free_port())


def asking(hall: Hall, **settings: str) -> Any:
    """A gateway of the test's own."""
    service = f"http://127.0.0.1:{hall.port}"
    own = {"assessment_url": service, "rollback": "no", "compile_after": "0", **settings}
    return gateway(hall.stack.home, hall.stack.monolith, **own)


@pytest.mark.parametrize("executor", ["compiled", "graphql-core"])
async def test_what_is_saved_is_shown_to_its_learner_until_the_service_is_back(
    hall: Hall, executor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", hall.stack.redis)
    with asking(hall, executor=executor) as server:
        anna, ben = [Someone(server.url, token(hall.stack.home, TENANT, u)) for u in (ANNA, BEN)]
        async with hall.serving():
            mine, others = await hall.sit()
            saved = await anna.ask(SAVE, id=mine, key="k1", text="mitosis")
            assert saved["saveAnswers"] == {"__typename": "AttemptAccepted"}
            known = (await anna.ask(ATTEMPT, id=mine))["attempt"]
            await until(lambda: is_kept(hall, anna, mine), most_s=20)
            hidden = await ben.answer(ATTEMPT, id=mine)
        await asyncio.sleep(SILENT_S)

        shown = await shown_to(anna, mine)
        again = await anna.ask(SAVE, id=mine, key="k2", text="meiosis")
        of_another = await ben.answer(ATTEMPT, id=mine)
        without_copy = await ben.answer(ATTEMPT, id=others)

        async with hall.serving():
            await until(lambda: is_later(anna, mine, known), most_s=20)
            back = (await anna.ask(ATTEMPT, id=mine))["attempt"]
        await anna.close()
        await ben.close()

    assert known["waiting"] is None
    assert known["answers"] == shown["answers"] == [{"itemId": "q3", "text": "mitosis"}]
    assert shown["waiting"].pop("knownAt") <= shown["window"]["serverNow"]
    assert shown["waiting"] == {
        "code": LATER["code"],
        "message": SAVED,
        "willBeCredited": True,
    }
    assert shown["asOf"]["freshness"] == "DEGRADED"
    assert shown["asOf"]["lagMs"] >= SILENT_S * 1_000
    passed = at(shown["window"]["serverNow"]) - at(known["window"]["serverNow"])
    assert passed >= timedelta(seconds=SILENT_S)
    assert again["saveAnswers"] == {"__typename": "Refused", **LATER}
    assert hidden["data"] == {"attempt": None}
    for refused in (of_another, without_copy):
        assert (refused["data"]["attempt"], codes(refused)) == (None, [LATER["code"]])
    assert (back["waiting"], back["asOf"]["freshness"]) == (None, "CURRENT")


async def test_without_redis_the_refusal_stands_and_saves_do_not_wait(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9")
    with asking(hall) as server:
        anna = Someone(server.url, token(hall.stack.home, TENANT, ANNA))
        async with hall.serving():
            mine, _ = await hall.sit()
            saved = await anna.ask(SAVE, id=mine, key="k1", text="mitosis")
        refused = await anna.answer(ATTEMPT, id=mine)
        await anna.close()

    assert saved["saveAnswers"] == {"__typename": "AttemptAccepted"}
    assert (refused["data"]["attempt"], codes(refused)) == (None, [LATER["code"]])


async def test_of_two_that_are_kept_at_once_the_newer_one_stays(stack: Stack) -> None:
    attempt = made(7, version=6, answers=[SAVED_ANSWER])
    async with copies_of(stack) as copies:
        await until(lambda: knows(copies, attempt))
        await copies.noted(caller(ANNA), AttemptAccepted(made(7, version=5)))

        [shown] = await copies.mended(caller(ANNA), [attempt.id], [UpstreamUnreachable.refusal])

    assert isinstance(shown, Attempt)
    assert (shown.version, shown.answers) == (6, [SAVED_ANSWER])


async def test_what_is_anothers_is_neither_kept_nor_shown(stack: Stack) -> None:
    attempt = made(8, version=1)
    away = UpstreamUnreachable.refusal
    async with copies_of(stack) as copies:
        await until(lambda: knows(copies, attempt))
        key = f"attempt-copy:{TENANT}:{BEN}:{decode(attempt.id).local}"
        await copies.noted(caller(BEN), AttemptAccepted(attempt))
        assert not await copies.redis.exists(key)
        await copies.redis.hset(key, "copy", msgspec.json.encode(Copy(attempt, NOW)))

        shown = [
            await copies.mended(caller(who), [named], [away])
            for who, named in ((BEN, attempt.id), (ANNA, AttemptId(named_of("1-100-9"))))
        ]
        hidden = await copies.mended(caller(ANNA), [attempt.id], [HIDDEN])
        await copies.redis.delete(key)

    assert shown == [[away], [away]]
    assert hidden == [HIDDEN]


async def is_later(someone: Someone, attempt: str, known: dict[str, Any]) -> bool:
    """Its end has moved, and nobody waits any more."""
    await asyncio.sleep(0.1)
    now = (await someone.ask(ATTEMPT, id=attempt))["attempt"]
    moved = at(now["window"]["endsAt"]) - at(known["window"]["endsAt"])
    return now["waiting"] is None and moved >= timedelta(seconds=SILENT_S)


async def is_kept(hall: Hall, someone: Someone, attempt: str) -> bool:
    """It may be that Redis did not answer at once."""
    await someone.ask(ATTEMPT, id=attempt)
    async with redis_of(hall.stack.redis) as redis:
        return bool(await redis.exists(f"attempt-copy:{TENANT}:{ANNA}:{decode(attempt).local}"))


async def shown_to(someone: Someone, attempt: str) -> dict[str, Any]:
    for _ in range(20):
        answer = await someone.answer(ATTEMPT, id=attempt)
        if "errors" not in answer:
            found: dict[str, Any] = answer["data"]["attempt"]
            return found
    raise AssertionError(answer)


@asynccontextmanager
async def copies_of(stack: Stack) -> AsyncIterator[RedisCopies]:
    redis = redis_of(stack.redis)
    try:
        yield RedisCopies.of(redis, SystemClock())
    finally:
        await redis.aclose()


async def knows(copies: RedisCopies, attempt: Attempt) -> bool:
    await copies.noted(caller(ANNA), AttemptAccepted(attempt))
    [found] = await copies.mended(caller(ANNA), [attempt.id], [UpstreamUnreachable.refusal])
    return isinstance(found, Attempt) and found.version == attempt.version


def made(number: int, version: int, answers: Sequence[Answer] = ()) -> Attempt:
    return Attempt(
        id=AttemptId(named_of(f"1-{ANNA}-{number}")),
        assessment_id=assessment_id(TENANT),
        course_id=course_id(TENANT),
        learner_id=learner_id(TENANT, ANNA),
        number=number,
        state=AttemptState.IN_PROGRESS,
        started_at=NOW,
        saved_at=NOW,
        submitted_at=None,
        score=None,
        version=version,
        answers=list(answers),
    )


def caller(user: int) -> Caller:
    return Caller(viewer(user), Deadline.within(SystemClock(), 10))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
