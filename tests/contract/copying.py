"""Writes into the monolith what a fake platform holds, in the monolith's words."""

from datetime import datetime, timedelta, timezone
from itertools import groupby
from operator import attrgetter
from typing import Any

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.assessment import Assessment, Attempt, AttemptState, Item, ItemKind
from services.contracts.events import ItemKey
from services.contracts.ids import decode
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import NOW

ZONE = "Asia/Jakarta"
WALL = timezone(timedelta(hours=7))
"""Jakarta has had no summer time since the sixties: its clocks are seven hours ahead."""

QUESTION_TYPES = {
    ItemKind.SINGLE_CHOICE: "single",
    ItemKind.MULTIPLE_CHOICE: "multiple",
    ItemKind.NUMERIC: "number",
    ItemKind.TEXT: "text",
    ItemKind.ORDERING: "order",
}

STATES = {
    AttemptState.IN_PROGRESS: "in_progress",
    AttemptState.PENDING_REVIEW: "submitted",
    AttemptState.GRADED: "graded",
}


async def copy(platform: FakePlatform, tenant: str, db: Connection) -> None:
    """All that the platform holds; it holds nothing but this tenant."""
    async with db.transaction():
        await seed.tenant(db, tenant, timezone=ZONE)
        for (_, user), person in platform.people.items():
            await seed.person(db, tenant, int(user), person.name, *person.roles)
        await _courses(platform, tenant, db)
        await _completions(platform, tenant, db)
        await _attempts(platform, tenant, db)
        await _classes(platform, tenant, db)


async def _courses(platform: FakePlatform, tenant: str, db: Connection) -> None:
    for course in platform.courses.values():
        number = _local(course.id)
        modules = [
            (module.title, [(lesson.title, lesson.kind) for lesson in module.lessons])
            for module in platform.modules[course.id]
        ]
        assessments = [
            (one.title, _definition(one, platform.items[one.id], platform.hall.keys.get(one.id)))
            for one in platform.assessments.values()
            if one.course_id == course.id
        ]
        await seed.course(db, tenant, number, course.title, course.code, modules, assessments)
        for (_, user), role in platform.enrolled[course.id].items():
            await seed.enrol(db, tenant, number, int(user), role)


async def _completions(platform: FakePlatform, tenant: str, db: Connection) -> None:
    courses = {one.id: course for course in platform.courses for one in platform.lessons(course)}
    for (_, user), lesson in platform.done:
        course = _local(courses[lesson])
        await seed.complete(db, tenant, course, _local(lesson), int(user), _wall(NOW))


def _definition(one: Assessment, items: list[Item], keys: list[ItemKey] | None) -> Any:
    limit = one.time_limit
    key_of = {key.item: key for key in keys or []}
    return seed.assessment(
        [_question(item, key_of.get(item.id, ItemKey(item.id))) for item in items],
        type=one.kind.value,
        opens=_local_time(one.opens_at),
        closes=_local_time(one.closes_at),
        time_limit_min=limit and limit // timedelta(minutes=1),
        grace_s=one.grace // timedelta(seconds=1),
        attempts_allowed=one.attempts_allowed,
        policy=one.scoring_policy.lower(),
        weight=one.weight,
    )


def _question(item: Item, key: ItemKey) -> Any:
    return {
        "id": item.id,
        "type": QUESTION_TYPES[item.kind],
        "prompt": item.prompt,
        "choices": [{"id": choice.id, "label": choice.label} for choice in item.choices],
        "answer": _answer(item, key),
        "tolerance": key.tolerance,
        "points": item.points,
    }


def _answer(item: Item, key: ItemKey) -> Any:
    if key.choices and item.kind is ItemKind.SINGLE_CHOICE:
        return key.choices[0]
    return key.choices or key.texts or key.number


async def _attempts(platform: FakePlatform, tenant: str, db: Connection) -> None:
    for assessment in platform.assessments:
        made = [one for one in platform.attempts.values() if one.assessment_id == assessment]
        by_learner = groupby(made, key=attrgetter("learner_id"))
        kept = {str(_local(who)): [_attempt(one) for one in theirs] for who, theirs in by_learner}
        await db.execute(
            "UPDATE content SET attempts = $3 WHERE tenant_id = $1 AND id = $2",
            tenant,
            _local(assessment),
            kept,
        )


def _attempt(one: Attempt) -> dict[str, Any]:
    score = one.score
    return {
        "number": one.number,
        "state": STATES[one.state],
        "started": _local_time(one.started_at),
        "saved": _local_time(one.saved_at),
        "submitted": _local_time(one.submitted_at),
        "answers": {},
        "score": score and score.raw,
        "max": score.max if score else 7.5,
        "late": bool(score and score.late),
        "banked": one.banked,
    }


async def _classes(platform: FakePlatform, tenant: str, db: Connection) -> None:
    for one in platform.live_classes.values():
        teacher = _local(one.teacher.id) if one.teacher else None
        times = (_wall(one.starts_at), _wall(one.ends_at))
        await seed.live_class(db, tenant, _local(one.course_id), *times, one.title, teacher)


def _local(global_id: str) -> int:
    return int(decode(global_id).local)


def _wall(instant: datetime) -> datetime:
    """What the clock on a wall in Jakarta shows."""
    return instant.astimezone(WALL).replace(tzinfo=None)


def _local_time(instant: datetime | None) -> str | None:
    return None if instant is None else _wall(instant).strftime("%Y-%m-%d %H:%M:%S")
