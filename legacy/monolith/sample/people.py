"""Who is in a tenant, and who takes which courses."""

from legacy.monolith.clock import Dice
from legacy.monolith.sample.names import draw
from legacy.monolith.sample.plan import (
    DEMO_LEARNER,
    OPERATOR,
    PROCTOR,
    TEACHER,
    TEACHES_AT_MOST,
    Plan,
)
from legacy.monolith.sample.rows import Rows

STAFF = {OPERATOR: "OPERATOR", TEACHER: "TEACHER", PROCTOR: "PROCTOR"}


def people(rows: Rows, plan: Plan, dice: Dice) -> None:
    """Staff first, then the learners, then the second teacher."""
    roles = dict.fromkeys(range(DEMO_LEARNER, plan.second_teacher), "LEARNER")
    roles = STAFF | roles | {plan.second_teacher: "TEACHER"}
    names = draw(dice, len(roles))
    for (user, role), (name, locale) in zip(roles.items(), names, strict=True):
        rows.add("people", user, name, f"{user}@{plan.tenant}.example", locale)
        rows.add("roles", user, role)


def enrolments(rows: Rows, plan: Plan, dice: Dice) -> dict[int, list[int]]:
    """Learners of each course; the demo learner takes as many as there are, up to twenty."""
    every = range(1, len(plan.courses) + 1)
    learners: dict[int, list[int]] = {course: [] for course in every}
    for course in every:
        rows.add("enrolments", course, plan.teacher_of(course), "TEACHER")
    for user in range(DEMO_LEARNER, plan.second_teacher):
        for course in _taken_by(user, every, dice):
            rows.add("enrolments", course, user, "LEARNER")
            learners[course].append(user)
    return learners


def _taken_by(user: int, every: range, dice: Dice) -> list[int]:
    if user == DEMO_LEARNER:
        return list(every[:TEACHES_AT_MOST])
    return sorted(dice.sample(every, dice.randint(2, min(6, len(every)))))
