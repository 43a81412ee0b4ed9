"""Tenants in the monolith whose local ids are all the same and whose every text is marked."""

from dataclasses import dataclass, field
from datetime import datetime

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, Side, encode
from tests.unit.legacy.monolith.questions import ESSAY, FIVE

OPERATOR, TEACHER, PROCTOR, LEARNER = 1, 2, 3, 4
ROLES = {OPERATOR: "OPERATOR", TEACHER: "TEACHER", PROCTOR: "PROCTOR", LEARNER: "LEARNER"}
NINE, TEN = datetime(2026, 2, 3, 9), datetime(2026, 2, 3, 10)  # noqa: DTZ001
ATTEMPT = {
    "number": 1,
    "state": "graded",
    "started": "2026-02-01 10:00:00",
    "saved": "2026-02-01 10:05:00",
    "submitted": "2026-02-01 10:10:00",
    "answers": {},
    "score": 4.5,
    "max": 8.5,
    "late": False,
    "banked": False,
}


@dataclass(frozen=True, slots=True)
class Campus:
    """`mark` is part of every text of the tenant, and of no other's.

    `also` are more things of a kind: those that its people made on the new side.
    """

    tenant: str
    mark: str
    also: dict[Kind, list[str]] = field(default_factory=dict)

    def ids(self) -> dict[Kind, str]:
        """A thing of each kind; the local ids are those of every other campus too."""
        own = self.tenant
        return {
            Kind.COURSE: encode(Kind.COURSE, own, 1),
            Kind.LESSON: encode(Kind.LESSON, own, 2),
            Kind.ASSESSMENT: encode(Kind.ASSESSMENT, own, 3),
            Kind.ATTEMPT: encode(Kind.ATTEMPT, own, f"3-{LEARNER}-1", Side.LEGACY),
            Kind.LIVE_CLASS: encode(Kind.LIVE_CLASS, own, 1, Side.LEGACY),
            Kind.LEARNER: encode(Kind.LEARNER, own, LEARNER),
            Kind.VIEWER: encode(Kind.VIEWER, own, LEARNER),
        }

    @property
    def exam(self) -> str:
        """One that is open, and that nobody has tried at the monolith."""
        return encode(Kind.ASSESSMENT, self.tenant, 4)

    def every(self, kind: Kind) -> list[str]:
        return [self.inside().get(kind) or self.ids()[kind], *self.also.get(kind, ())]

    def inside(self) -> dict[Kind, str]:
        """What is in the class: it has no node of its own."""
        return {
            Kind.PARTICIPANT: encode(Kind.PARTICIPANT, self.tenant, f"l1.{LEARNER}"),
            Kind.BREAKOUT: encode(Kind.BREAKOUT, self.tenant, "l1.1"),
        }


async def campus(db: Connection, tenant: str, mark: str = "") -> Campus:
    mark = mark or f"mark of {tenant}"
    await seed.tenant(db, tenant, mark)
    for user, role in ROLES.items():
        await seed.person(db, tenant, user, f"{role} {mark}", role)
    questions = [question | {"prompt": mark} for question in FIVE]
    opens, closes = "2026-01-01 00:00:00", "2026-03-01 00:00:00"
    quiz = seed.assessment(
        questions,
        opens=opens,
        closes=closes,
        time_limit_min=60,
        attempts_allowed=2,
    )
    essay = ESSAY | {"prompt": mark}
    exam = seed.assessment([*questions, essay], opens=opens, attempts_allowed=9, time_limit_min=60)
    modules = [(f"Module {mark}", [(f"Lesson {mark}", "TEXT")])]
    both = [(f"Quiz {mark}", quiz), (f"Exam {mark}", exam)]
    await seed.course(db, tenant, 1, f"Course {mark}", mark, modules, both)
    await db.execute(
        "UPDATE content SET attempts = $2 WHERE tenant_id = $1 AND id = 3",
        tenant,
        {str(LEARNER): [ATTEMPT]},
    )
    await seed.enrol(db, tenant, 1, TEACHER, "TEACHER")
    await seed.enrol(db, tenant, 1, LEARNER)
    await seed.live_class(db, tenant, 1, NINE, TEN, f"Class {mark}", TEACHER)
    return Campus(tenant, mark)
