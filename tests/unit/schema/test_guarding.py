"""What is kept for all of a tenant is behind a guard that judges each of them."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLSchema

from resolvers import assessment, attempt, course, guards, live_class, viewer
from schema import lookup
from schema.answering import BatchField
from schema.contract import core_schema
from schema.guarding import guarding, judged

OF_A_COURSE: set[Callable[..., Any]] = {
    assessment.by_ids,
    assessment.items,
    assessment.of_courses,
    attempt.assessments_of,
    course.by_ids,
    course.outlines,
    live_class.by_ids,
    live_class.courses_of,
    live_class.of_courses,
}
OF_PEOPLE: set[Callable[..., Any]] = {attempt.learners_of, viewer.learners_by_ids}
JUDGES_COURSES = {guards.enrolled, guards.teaches, guards.supervises}
"""Each of these judges anew who asks; others may judge what the source has told them."""


def fields() -> dict[str, BatchField]:
    ways = {f"node {kind.name}": way for kind, way in lookup.WAYS.items()}
    return {**dict(judged(core_schema())), **ways}


def unguarded(fields: Mapping[str, BatchField]) -> Iterator[str]:
    for at, field in fields.items():
        standing = {*field.guards, *field.reveals}
        if field.fn in OF_A_COURSE and not standing & JUDGES_COURSES:
            yield at
        if field.fn in OF_PEOPLE and guards.may_know not in standing:
            yield at


def test_whatever_comes_out_of_what_is_shared_is_judged_for_each_viewer() -> None:
    every = fields()

    assert {one.fn for one in every.values()} >= OF_A_COURSE | OF_PEOPLE
    assert list(unguarded(every)) == []


def test_what_sources_know_is_told_by_functions_that_are_known_here() -> None:
    """One that asks a shared source and is not listed above would be judged by nothing."""
    asks = ("sources.courses.many", "sources.assessments.", "sources.live_classes.")
    found = {
        field.fn
        for field in fields().values()
        if any(name in inspect.getsource(field.fn) for name in (*asks, "sources.people.learners"))
    }

    assert found - {viewer.agenda} == (OF_A_COURSE | OF_PEOPLE) - {course.outlines}


def test_a_field_without_its_guard_is_found() -> None:
    every = fields()
    for at in ("Attempt.assessment", "LiveClass.course", "node ASSESSMENT", "Attempt.learner"):
        planted = {**every, at: replace(every[at], guards=(guards.sees_attempt,), reveals=())}

        assert list(unguarded(planted)) == [at]


def test_another_guard_makes_another_release() -> None:
    schema: GraphQLSchema = core_schema()
    lines = guarding(schema).splitlines()

    assert "Course.roster: ['teaches'] []" in lines
    assert "Attempt.assessment: ['sees the attempt'] ['enrolled']" in lines
