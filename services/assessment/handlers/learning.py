"""What a learner does to an attempt: begins it, saves answers, hands it in."""

from collections.abc import Sequence

from msgspec.structs import replace

from services.assessment.handlers.reach import about, own, reach, waited
from services.assessment.handlers.settle import About, handler, settle
from services.assessment.model import save as saving
from services.assessment.model import start as starting
from services.assessment.model import submit as submitting
from services.assessment.model.accommodation import NO_ACCOMMODATION
from services.assessment.model.decision import Duplicate
from services.assessment.model.moment import moment
from services.assessment.model.prior import prior
from services.assessment.model.start import ELSEWHERE, Starter
from services.assessment.store import learners
from services.assessment.store.learners import Learner, has_begun
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.assessment import AttemptAccepted, Given
from services.contracts.assessment_api import Outcome, Save, Start, Submit
from services.contracts.errors import HIDDEN, ErrorCode, Refused

NO_TEXT = Refused(ErrorCode.INVALID, "An answer is text without control characters.")
NOTHING = "\x00"
"""No text of PostgreSQL's can hold it."""


async def start(work: UnitOfWork, command: Start) -> Outcome:
    tenant, user = work.actor.tenant, int(work.actor.user)
    so_far = waited(work)
    locked = await learners.lock(work.db, tenant, command.assessment, user)
    when = moment(locked["now"], so_far)
    found = await learners.load(work.db, tenant, command.assessment, user, user)
    if found is None or found.is_removed or not found.standing.takes_part:
        raise Refusal(HIDDEN)
    is_preview = found.standing.teaches
    before = prior(found.mine, found.past, is_preview)
    _check_side(found, is_preview)
    more = NO_ACCOMMODATION if is_preview else found.accommodation
    who = Starter(tenant, user, more, is_preview, command.decimal)
    decision = starting.start(who, found.definition, before, when)
    if isinstance(decision, Duplicate):
        running = await reach(work, decision.attempt.place)
        return AttemptAccepted(about(running).shown(running.attempt), duplicate=True)
    return await settle(work, About(before.prepared, found.definition, when.now), decision)


async def save(work: UnitOfWork, command: Save) -> Outcome:
    found = await own(work, command.attempt)
    given, version = _readable(command.answers), command.expected_version
    decision = saving.save(found.attempt, found.definition, given, found.when, version)
    return await settle(work, about(found), decision)


async def submit(work: UnitOfWork, command: Submit) -> Outcome:
    found = await own(work, command.attempt)
    given, version = _readable(command.answers), command.expected_version
    decision = submitting.submit(found.attempt, found.definition, given, found.when, version)
    return await settle(work, about(found), decision)


def _check_side(found: Learner, is_preview: bool) -> None:
    """Whoever was sent to the other side meanwhile may be about to begin there."""
    if found.pinned is False and not is_preview and not has_begun(found.mine):
        raise Refusal(ELSEWHERE)


def _readable(given: Sequence[Given]) -> list[Given]:
    """Numbers as they will be read again: there is no negative zero in a database."""
    for one in given:
        if NOTHING in (one.response.text or ""):
            raise Refusal(NO_TEXT)
    return [_positive_zero(one) for one in given]


def _positive_zero(given: Given) -> Given:
    if given.response.number != 0:
        return given
    return replace(given, response=replace(given.response, number=0.0))


START = handler("start", start)
SAVE = handler("save", save)
SUBMIT = handler("submit", submit)
