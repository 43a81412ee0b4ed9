"""People: oneself, and others for those who work here."""

from services.contracts.ids import Kind, ViewerId, encode, learner_id
from services.contracts.learning import Learner, Person, Role
from services.contracts.progress_api import Me
from services.contracts.question import Ids, Nothing
from services.progress.views.asked import Asked

ME = "SELECT id, name, locale, roles FROM people WHERE tenant_id = $1 AND id = $2"
NAMES = """
WITH viewer AS (
    SELECT EXISTS (
        SELECT FROM people WHERE tenant_id = $1 AND id = $2 AND roles && $4::text[]
    ) AS works_here
)
SELECT id, name FROM viewer CROSS JOIN people
WHERE tenant_id = $1 AND id = ANY ($3::bigint[]) AND (works_here OR id = $2)
"""
SEES_OTHERS = [Role.TEACHER, Role.PROCTOR, Role.OPERATOR]


async def me(asked: Asked, _: Nothing) -> Me:
    row = await asked.db.fetchrow(ME, asked.tenant, asked.user)
    if row is None:
        return Me(None)
    own = ViewerId(encode(Kind.VIEWER, asked.tenant, row["id"]))
    return Me(Person(own, row["name"], row["locale"], [Role(role) for role in row["roles"]]))


async def learners(asked: Asked, question: Ids) -> list[Learner | None]:
    rows = await asked.db.fetch(NAMES, asked.tenant, asked.user, question.ids, SEES_OTHERS)
    known = {row["id"]: learner(asked, row["id"], row["name"]) for row in rows}
    return [known.get(user) for user in question.ids]


def learner(asked: Asked, user: int, name: str) -> Learner:
    return Learner(learner_id(asked.tenant, user), name)
