"""Finds things by their ids: one way for each kind, shared by the roots, `node` and `nodes`."""

from collections.abc import Sequence
from typing import Any

import strawberry

from resolvers import assessment, attempt, course, guards, live_class, viewer
from resolvers.context import Context
from schema.answering import Answers, BatchField, answer
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import BadId, Kind, decode


def _by_id(
    fn: Answers,
    kind: Kind,
    before: Sequence[guards.Guard] = (),
    reveals: Sequence[guards.Guard] = (),
) -> BatchField:
    return BatchField(fn, (guards.names(kind), *before), tuple(reveals), optional=True, even=True)


WAYS = {
    Kind.ASSESSMENT: _by_id(assessment.by_ids, Kind.ASSESSMENT, reveals=[guards.enrolled]),
    Kind.ATTEMPT: _by_id(attempt.by_ids, Kind.ATTEMPT, reveals=[guards.sees_attempt]),
    Kind.COURSE: _by_id(course.by_ids, Kind.COURSE, before=[guards.enrolled]),
    Kind.LEARNER: _by_id(viewer.learners_by_ids, Kind.LEARNER, before=[guards.may_know]),
    Kind.LESSON: _by_id(course.lessons_by_ids, Kind.LESSON, reveals=[guards.enrolled]),
    Kind.LIVE_CLASS: _by_id(live_class.by_ids, Kind.LIVE_CLASS, reveals=[guards.enrolled]),
    Kind.VIEWER: _by_id(viewer.by_ids, Kind.VIEWER),
}


async def nodes_by_ids(ctx: Context, ids: Sequence[str]) -> list[Any]:
    """Each id by the way of its kind, all ids of a kind at once."""
    found: dict[str, Any] = {}
    for kind, way in WAYS.items():
        of_kind = list(dict.fromkeys(text for text in ids if _kind_of(text) is kind))
        if of_kind:
            found.update(zip(of_kind, await answer(way, ctx, of_kind, {}), strict=True))
    return [found.get(text, HIDDEN) for text in ids]


async def nodes_of_roots(
    ctx: Context, roots: Sequence[object], ids: list[strawberry.ID]
) -> list[list[Any]]:
    """The list is the root's one item; a thing that was refused is null in it."""
    found = await nodes_by_ids(ctx, ids)
    things = [None if isinstance(thing, Refused) else thing for thing in found]
    return [things for _ in roots]


def _kind_of(text: str) -> Kind | None:
    try:
        return decode(text).kind
    except BadId:
        return None


NODE = BatchField(nodes_by_ids, (guards.names(*WAYS),), optional=True)
