"""What would have been decided here of a command of the old side's, at one position with it.

It is decided over what there was before the command: what is mirrored of the learner's attempts,
with what the monolith's changes say that came since taken back. What changed meanwhile beside them,
such as the definition, is not judged by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from services.assessment.foreseeing.deciding import Scene
from services.assessment.foreseeing.history import BACK, EVER, Attempts, history
from services.assessment.store import learners
from services.assessment.store.learners import Learner
from services.assessment.views.asked import Asked
from services.contracts.assessment_api import DRY_RUN
from services.contracts.dry_run import Decided, DryRun, Foreseen
from services.contracts.errors import HIDDEN
from services.events.errors import FeedError
from services.events.gaps import Remembers
from services.kit.answering import Asking, as_json, route
from services.kit.log import Log
from services.storage import db
from services.storage.db import Pool

SERVICE, SOURCE = "assessment", "legacy"
NOT_FOUND = Decided(HIDDEN.code)
UNKNOWN = Foreseen()

# When anything last changed that staff decide: what is judged by is as it is now.
RULED = """
SELECT greatest(
    (SELECT max(at) FROM definitions WHERE tenant_id = $1 AND assessment_id = $2),
    (SELECT at FROM rules WHERE tenant_id = $1 AND assessment_id = $2),
    (SELECT max(at) FROM grants WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3)
)
"""
APPLIED = "SELECT stream, version FROM applied WHERE stream = ANY ($1)"

log = Log("foreseeing")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known here at one moment; `versions` of the old side's streams, by their names."""

    learner: Learner | None
    ruled_at: datetime
    attempts: str
    beside: Sequence[str]
    versions: dict[str, int]


def dry_run_route(pool: Pool, feed: Remembers) -> Route:
    """`feed` is the old side's: it remembers what its streams said before."""

    async def answer(asking: Asking[DryRun]) -> Response:
        async with db.reading(pool, asking.viewer.tenant) as connection:
            asked = Asked(connection, asking.viewer)
            seen = await _seen(asked, asking.said)
        try:
            return as_json(await _foreseen(feed, asked, seen, asking.said))
        except FeedError as failed:
            log.warning("foreseeing.no_feed", why=str(failed))
            return as_json(UNKNOWN)

    return route(DRY_RUN, answer, SERVICE)


async def _seen(asked: Asked, told: DryRun) -> Seen:
    who = asked.tenant, told.assessment, asked.user
    learner = await learners.load(asked.db, *who, asked.user)
    attempts = "attempts/{}/{}/{}".format(*who)
    beside = [f"person/{asked.tenant}/{asked.user}", f"content/{asked.tenant}/{told.assessment}"]
    if learner is not None:
        beside.append(f"enrolment/{asked.tenant}/{learner.definition.course}/{asked.user}")
    named = [f"{SOURCE}:{one}" for one in (attempts, *beside)]
    rows = await asked.db.fetch(APPLIED, named)
    versions = {row["stream"].partition(":")[2]: row["version"] for row in rows}
    ruled_at = await asked.db.fetchval(RULED, *who)
    return Seen(learner, ruled_at or EVER, attempts, beside, versions)


async def _foreseen(feed: Remembers, asked: Asked, seen: Seen, told: DryRun) -> Foreseen:
    found = seen.learner
    if found is None or found.is_removed or not found.standing.takes_part:
        return Foreseen([NOT_FOUND]) if await _stood_still(feed, seen, told.since) else UNKNOWN
    if found.standing.teaches or seen.ruled_at >= told.since:
        return UNKNOWN
    scene = Scene(asked.tenant, asked.user, found.definition, found.accommodation)
    befores = await _befores(feed, seen, found.past, told)
    outcomes = [
        scene.decided(told, before, at) for before in befores for at in (told.since, told.until)
    ]
    return Foreseen(list(dict.fromkeys(outcomes)))


async def _befores(
    feed: Remembers, seen: Seen, mirrored: Attempts, told: DryRun
) -> Sequence[Attempts]:
    version = seen.versions.get(seen.attempts, 0)
    events = await feed.of_stream(seen.attempts, max(0, version - BACK), version + 1)
    known = history(events, version, mirrored)
    if told.became is None:
        return known.during(told.since, told.until)
    return known.before(told.became)


async def _stood_still(feed: Remembers, seen: Seen, since: datetime) -> bool:
    """Whether what the learner may see is as it was."""
    for stream in seen.beside:
        version = seen.versions.get(stream, 0)
        events = await feed.of_stream(stream, max(0, version - 1), version + 1)
        if any(event.at >= since for event in events):
            return False
    return True
