"""When the viewer may work at assessments: with their open attempt, or if they began now."""

from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.window import window, window_of
from services.assessment.store.held import accommodation
from services.assessment.views import rows
from services.assessment.views.asked import Asked
from services.assessment.views.known import Known, open_to
from services.contracts.assessment import Window
from services.contracts.question import Ids

GRANTED = """
SELECT assessment_id, multiplier, extra_s, extra_attempts FROM accommodations
WHERE tenant_id = $1 AND user_id = $2 AND assessment_id = ANY ($3::bigint[])
"""


async def windows(asked: Asked, question: Ids) -> list[Window | None]:
    there = await open_to(asked, question.ids)
    more = await _granted(asked, there)
    found = {one: _of_now(here, more.get(one, NO_ACCOMMODATION)) for one, here in there.items()}
    for one in await rows.own(asked, there, there):
        if one.attempt.is_open:
            where = one.attempt.place.assessment
            found[where] = window_of(one.attempt, one.definition, there[where].now)
    return [found.get(one) for one in question.ids]


def _of_now(here: Known, more: Accommodation) -> Window:
    preview = here.standing.teaches
    given = NO_ACCOMMODATION if preview else more
    return window(here.definition, given, here.now, preview=preview)


async def _granted(asked: Asked, there: dict[int, Known]) -> dict[int, Accommodation]:
    granted = await asked.db.fetch(GRANTED, asked.tenant, asked.user, list(there))
    return {row["assessment_id"]: accommodation(row) for row in granted}
