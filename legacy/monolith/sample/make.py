"""Makes all rows of one tenant, the same for the same day and seed."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from legacy.monolith.clock import Dice
from legacy.monolith.sample.courses import contents, timetable
from legacy.monolith.sample.learning import learn
from legacy.monolith.sample.people import enrolments, people
from legacy.monolith.sample.plan import Plan
from legacy.monolith.sample.rows import Rows


def tenant(plan: Plan, day: date, seed: int, on_course: Callable[[], None] = lambda: None) -> Rows:
    """`on_course` is called after each course."""
    dice = Dice(f"{plan.tenant} {day} {seed}")
    rows = Rows(plan.tenant)
    rows.add("tenants", plan.name, plan.timezone)
    people(rows, plan, dice)
    learners = enrolments(rows, plan, dice)
    made = datetime.combine(day - timedelta(days=30), time())
    for course, (code, title, subject) in enumerate(plan.courses, start=1):
        rows.add("courses", course, code, title, made)
        placed = contents(rows, course, subject, day, dice)
        timetable(rows, course, plan.teacher_of(course), title, day, dice)
        for user in learners[course]:
            learn(rows, placed, user, day, dice)
        on_course()
    return rows
