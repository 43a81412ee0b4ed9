"""Where one stands in a longer list (Relay's PageInfo)."""

from typing import Generic, TypeVar

import strawberry

from schema.binding import of
from schema.keeping import as_its_parent
from services.contracts import paging

T = TypeVar("T")


@strawberry.type(directives=[as_its_parent()])
@of(paging.PageInfo)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(directives=[as_its_parent()])
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(directives=[as_its_parent()])
class Connection(Generic[T]):
    """Of courses it is called CourseConnection, and so on."""

    edges: list[Edge[T]]
    page_info: PageInfo
    total_count: int | None
