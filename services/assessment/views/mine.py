"""One's own attempts of both sides, and attempts by their names."""

from collections import defaultdict
from collections.abc import Iterable

from services.assessment.model.place import Place, place
from services.assessment.model.shown import shown
from services.assessment.views import past, rows
from services.assessment.views.asked import Asked
from services.assessment.views.known import Known, known, open_to
from services.assessment.views.over import Everybody, everybody
from services.assessment.views.rows import NAMED, Whole, whole
from services.contracts.assessment import Attempt, AttemptState
from services.contracts.assessment_api import Names
from services.contracts.question import Ids


async def mine(asked: Asked, question: Ids) -> list[list[Attempt] | None]:
    there = await open_to(asked, question.ids)
    found: defaultdict[int, list[Attempt]] = defaultdict(list)
    for assessment, one in await past.own(asked, there):
        course = there[assessment].definition.course
        found[assessment].append(past.shown(asked.tenant, assessment, course, asked.user, one))
    for attempt in await _shown(asked, await rows.own(asked, there, there), there):
        found[attempt[0]].append(attempt[1])
    return [
        sorted(found[one], key=lambda attempt: attempt.number) if one in there else None
        for one in question.ids
    ]


async def attempts(asked: Asked, question: Names) -> list[Attempt | None]:
    places = [place(asked.tenant, name) for name in question.attempts]
    named = [one for one in places if one is not None]
    there = await known(asked, (one.assessment for one in named))
    # Of what they may not see nothing is read: it costs as much as what does not exist.
    wanted = [one for one in named if _may_ask(asked, one, there)]
    columns = (
        [one.assessment for one in wanted],
        [one.user for one in wanted],
        [one.preview for one in wanted],
        [one.number for one in wanted],
    )
    found = await whole(asked, await asked.db.fetch(NAMED, asked.tenant, *columns), there)
    seen = [one for one in found if _is_shown(asked, one)]
    by_id = {attempt.id: attempt for _, attempt in await _shown(asked, seen, there)}
    return [by_id.get(one.id) if one is not None else None for one in places]


async def _shown(
    asked: Asked, found: Iterable[Whole], there: dict[int, Known]
) -> list[tuple[int, Attempt]]:
    """Each with its assessment, and with the right answers where the viewer may know them."""
    all_ = list(found)
    finished = (one.attempt.place.assessment for one in all_ if one.attempt.is_finished)
    everyone = await everybody(asked, finished)
    return [
        (
            one.attempt.place.assessment,
            shown(
                one.attempt,
                one.definition,
                there[one.attempt.place.assessment].now,
                _may_know(asked, one, there[one.attempt.place.assessment], everyone),
            ),
        )
        for one in all_
    ]


def _may_ask(asked: Asked, where: Place, there: dict[int, Known]) -> bool:
    """Whether they may see it, if there is one."""
    found = there.get(where.assessment)
    if found is None:
        return False
    if where.user == asked.user:
        return found.standing.takes_part
    return found.standing.supervises and not where.preview


def _is_shown(asked: Asked, one: Whole) -> bool:
    """What was made ahead is not yet its learner's."""
    is_own = one.attempt.place.user == asked.user
    return not is_own or one.attempt.state is not AttemptState.NOT_STARTED


def _may_know(asked: Asked, one: Whole, there: Known, everyone: dict[int, Everybody]) -> bool:
    """Whoever took it: when it is over, as they had it and as it is now."""
    where = one.attempt.place
    if where.user != asked.user or where.preview:
        return there.standing.supervises
    if not one.attempt.is_finished:
        return False
    all_ = everyone[where.assessment]
    return all_.is_over(one.definition, there.now) and all_.is_over(there.definition, there.now)
