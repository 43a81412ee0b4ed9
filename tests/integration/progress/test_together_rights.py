"""Who may be asked for together: people of the tenant that the gateway signed, and nobody else."""

import json
from typing import Any

import pytest

from services.contracts.events import CourseChanged, EnrolmentChanged
from services.contracts.learning import Role
from services.contracts.progress_api import (
    COMPLETED_OF_MANY,
    ENROLMENTS,
    ENROLMENTS_OF_MANY,
    PROGRESS_OF_MANY,
    OfPairs,
    OfUsers,
)
from services.contracts.question import Question
from services.contracts.viewer_headers import TENANT, headers_of
from services.kit.clock import SystemClock
from services.kit.http import Call
from services.kit.signing import Signer
from services.kit.transport import HttpTransport
from tests.contract.school import BIOLOGY
from tests.fakes.tenant import TEACHER
from tests.integration.progress.campus import Campus
from tests.integration.progress.joined import KEY, Joined


async def test_nobody_of_another_tenant_can_be_asked_for(joined: Joined) -> None:
    """Numbers name people of the call's tenant alone."""
    own = joined.campus
    tenant = f"{own.tenant}-other"
    other = Campus(tenant, own.pool, own.topics, own.url, own.transport)
    event = EnrolmentChanged(BIOLOGY, 4_321, Role.LEARNER)
    await other.take(
        [
            other.next(f"course/{{}}/{BIOLOGY}", CourseChanged(BIOLOGY, "Theirs", "T/1")),
            other.next(f"enrolment/{{}}/{BIOLOGY}/4321", event),
        ]
    )

    taken = await joined.client.ask(joined.gateway(), ENROLMENTS_OF_MANY, OfUsers([4_321]))
    pairs = OfPairs([(BIOLOGY, 4_321)])
    progress = await joined.client.ask(joined.gateway(), PROGRESS_OF_MANY, pairs)
    done = await joined.client.ask(joined.gateway(), COMPLETED_OF_MANY, pairs)

    assert (taken, progress, done) == ([[]], [None], [None])
    there = await joined.client.ask(
        joined.gateway(tenant),
        ENROLMENTS_OF_MANY,
        OfUsers([4_321]),
    )
    assert [[one.course.title for one in own] for own in there] == [["Theirs"]]


async def test_the_tenant_is_the_one_that_was_signed(joined: Joined) -> None:
    body = json.dumps({"users": [4]}).encode()
    url = joined.url + ENROLMENTS_OF_MANY.path
    signed = headers_of(joined.gateway().viewer)
    stamp = Signer("gateway", KEY, SystemClock()).header("POST", url, signed, body)
    unsigned = HttpTransport(2)
    call = Call("progress", "POST", url, {**signed, **stamp, TENANT: "another-tenant"}, body)

    reply = await unsigned.send(call, joined.gateway().deadline)

    assert reply.status == 401


@pytest.mark.parametrize("question", [ENROLMENTS_OF_MANY, PROGRESS_OF_MANY, COMPLETED_OF_MANY])
async def test_a_viewer_cannot_ask_for_many(joined: Joined, question: Question[Any, Any]) -> None:
    body = b'{"users": [], "pairs": []}'

    assert await joined.status(joined.gateway(), question.path, body) == 200
    assert await joined.status(joined.asking(TEACHER), question.path, body) == 401


async def test_nobody_asks_nothing_for_themselves(joined: Joined) -> None:
    assert await joined.status(joined.gateway(), ENROLMENTS.path, b"{}") == 401
