"""The rivals' contract, bound as the gateway's own is: a viewer, a page of courses, two batches."""

from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry.extensions import QueryDepthLimiter
from strawberry.schema.config import StrawberryConfig

from bench.rivals import school
from gateway.operation.limits import Limits
from resolvers.context import Context
from resolvers.guards import signed_in
from schema.binding import batched, of
from schema.directives import as_many_as


async def viewers(ctx: Context, roots: Sequence[Any], who: str) -> Sequence[school.Viewer]:
    return [school.VIEWER_OF[who]] * len(roots)


async def courses(
    ctx: Context, parents: Sequence[school.Viewer], after: int, take: int
) -> Sequence[Sequence[school.Course]]:
    return [school.ALL[after : after + take]] * len(parents)


async def progress(ctx: Context, of: Sequence[school.Course]) -> Sequence[school.Progress]:
    return [school.PROGRESS_OF[one.id] for one in of]


async def teachers(ctx: Context, of: Sequence[school.Course]) -> Sequence[school.Teacher]:
    return [school.TEACHER_OF[one.id] for one in of]


@strawberry.type
@of(school.School)
class School:
    id: strawberry.ID
    name: str


@strawberry.type
@of(school.Progress)
class Progress:
    completed: int
    total: int
    ratio: float
    last_at: str


@strawberry.type
@of(school.Teacher)
class Teacher:
    id: strawberry.ID
    name: str
    mail: str
    room: str
    phone: str
    hours: str


@strawberry.type
@of(school.Course)
class Course:
    id: strawberry.ID
    title: str
    code: str
    is_open: bool
    seats: int
    starts_at: str
    about: str
    progress: Progress | None = batched(progress, guards=[signed_in])
    teacher: Teacher | None = batched(teachers, guards=[signed_in])


@strawberry.type
@of(school.Viewer)
class Viewer:
    id: strawberry.ID
    name: str
    mail: str
    school: School
    courses: list[Course] = batched(courses, guards=[signed_in], costs=[as_many_as("take")])


@strawberry.type
class Query:
    viewer: Viewer = batched(viewers, guards=[signed_in])


def ours() -> strawberry.Schema:
    """As the gateway makes its own."""
    config = StrawberryConfig(enable_experimental_incremental_execution=True)
    return strawberry.Schema(Query, config=config)


def plain() -> strawberry.Schema:
    """As Strawberry comes, with its own limit of depth."""
    depth = QueryDepthLimiter(max_depth=Limits().depth)
    return strawberry.Schema(Query, extensions=[lambda: depth])
