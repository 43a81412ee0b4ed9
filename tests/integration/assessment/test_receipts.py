"""Receipts are checked against the log, which nobody can change; and the log makes the state."""

from datetime import timedelta

import asyncpg
import pytest

from services.assessment.model.evolve import fold
from services.assessment.model.place import Place
from services.assessment.store import attempts
from services.assessment.views.asked import Asked
from services.assessment.views.verify import events
from services.contracts.assessment_api import Verified
from services.contracts.errors import HIDDEN
from services.contracts.ids import TenantId
from services.contracts.supervising import Deed
from services.storage import db
from services.storage.db import Pool
from tests.fakes.tenant import LEARNER, OTHER, TEACHER
from tests.integration.assessment.campus import STRANGER, Campus, chose, counted, wrote
from tests.integration.assessment.definitions import EXAM
from tests.integration.assessment.test_supervising import grade, grant, pause, reopen, void


async def test_a_receipt_is_genuine_also_after_the_attempt_was_opened_again(
    campus: Campus,
) -> None:
    begun = await campus.started(assessment=EXAM)
    first = await campus.submitted(begun.id, chose("q1", "b"))
    await reopen(campus, TEACHER, begun.id)
    second = await campus.client.submit(
        campus.asking(), begun.id, [chose("q1", "c", sequence=2)], "again", None
    )

    assert first.receipt is not None
    found = await campus.client.verify(campus.asking(), begun.id, first.receipt.hash)
    assert isinstance(found, Verified)
    assert (found.genuine, found.answered, found.of) == (True, 1, 3)
    assert second.attempt.receipt.hash != first.receipt.hash  # type: ignore[union-attr]


async def test_a_made_up_receipt_is_not_genuine(campus: Campus) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.submitted(begun.id)

    found = await campus.client.verify(campus.asking(), begun.id, "0" * 64)

    assert found == Verified(genuine=False)


@pytest.mark.parametrize("user", [OTHER, STRANGER])
async def test_nobody_asks_about_anothers_receipt(campus: Campus, user: str) -> None:
    begun = await campus.started(assessment=EXAM)

    assert await campus.client.verify(campus.asking(user), begun.id, "0" * 64) == HIDDEN


async def test_the_log_cannot_be_changed_by_the_service(campus: Campus, worker: Pool) -> None:
    await campus.started(assessment=EXAM)

    for change in ("UPDATE attempt_events SET by = 1", "DELETE FROM attempt_events"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.transaction(worker, campus.tenant) as connection:
                await connection.execute(change)


async def test_an_attempt_is_what_its_events_come_to(campus: Campus, worker: Pool) -> None:
    begun = await campus.started(assessment=EXAM)
    await campus.saved(begun.id, chose("q1", "b"), counted("q2", 0.1))
    await grant(campus, TEACHER, begun.id)
    await pause(campus, TEACHER, begun.id)
    await campus.passes(timedelta(minutes=5))
    await campus.client.act(campus.asking(TEACHER), Deed.RESUME, begun.id, "Over", "resume")
    await campus.submitted(begun.id, wrote("q3", "because"))
    await grade(campus, TEACHER, begun.id)
    await reopen(campus, TEACHER, begun.id)
    await campus.client.submit(campus.asking(), begun.id, [], "again", None)
    await void(campus, TEACHER, begun.id)

    where = Place(TenantId(campus.tenant), EXAM, int(LEARNER), 1)
    async with db.transaction(worker, campus.tenant) as connection:
        log = await events(Asked(connection, campus.asking().viewer), where)
        row = await connection.fetchrow(
            f"""SELECT data::text AS attempt,
            (SELECT jsonb_agg(data)::text FROM answers {attempts.WHERE}) AS answers
            FROM attempts {attempts.WHERE}""",
            *attempts.key(where),
        )
    assert row is not None
    known = attempts.with_answers(attempts.read(row["attempt"]), row["answers"])
    assert fold(log) == known
    assert known.version == len(log) == 13
