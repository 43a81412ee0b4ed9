"""What may be kept names who may share it, and what is one viewer's own is shared with nobody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import GraphQLSchema, get_named_type, is_leaf_type
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from gateway.operation.hints import Hints, hints
from resolvers import assessment, course, guards, live_class
from schema import lookup
from schema.answering import BatchField, FoundField
from schema.binding import METADATA
from schema.contract import contract, core_schema, printed
from schema.keeping import SILENT, Hint, Scope, hint_of
from services.contracts.ids import Kind

SHARED: set[Callable[..., Any]] = {
    assessment.items,
    assessment.of_courses,
    course.outlines,
    live_class.courses_of,
    live_class.of_courses,
}
"""These answer everybody alike whom their guards let through, but for leaves that say otherwise
themselves; any other that asks a source answers one viewer."""
SHARED_BY_ID = {lookup.WAYS[kind] for kind in (Kind.COURSE, Kind.ASSESSMENT, Kind.LIVE_CLASS)}
OF_ONE = {
    guards.is_viewer,
    guards.sees_attempt,
    guards.sees_progress,
    guards.signed_in,
    guards.supervises,
    guards.teaches,
}
"""Who passes one of these is told of themselves, or what few may know."""
OF_THE_MOMENT = {"Window.serverNow", "AsOf.lagMs", "AsOf.source", "AsOf.token"}
PLAINLY_OWN = {"Lesson.completed"}
"""Fields without a source of their own that say another thing to each."""


def said() -> Iterator[tuple[str, Hint]]:
    for kind in core_schema().type_map.values():
        yield kind.name, hint_of(kind)
        for name, field in getattr(kind, "fields", {}).items():
            yield f"{kind.name}.{name}", hint_of(field)


def scopeless(all_said: Iterator[tuple[str, Hint]]) -> list[str]:
    return [at for at, hint in all_said if hint.max_age_s and hint.scope is None]


def bound() -> dict[str, BatchField]:
    """Each field of a query that asks a source."""
    camel: Callable[[StrawberryField], str] = contract().config.name_converter.from_field
    found = {}
    for kind in contract().schema_converter.type_map.values():
        if isinstance(definition := kind.definition, StrawberryObjectDefinition):
            for field in definition.fields:
                way = field.metadata.get(METADATA)
                way = way.way if isinstance(way, FoundField) else way
                if isinstance(way, BatchField):
                    name = contract().config.name_converter.from_type(definition)
                    found[f"{name}.{camel(field)}"] = way
    return found


def rule(of: Hints, at: str) -> Hint:
    kind, name = at.split(".")
    return of[kind, name].hint


def test_whatever_is_kept_names_who_may_share_it() -> None:
    assert scopeless(said()) == []


def test_what_is_kept_without_a_scope_is_found() -> None:
    assert scopeless(iter([("A.b", Hint(60)), ("A.c", Hint(0)), ("A.d", SILENT)])) == ["A.b"]


def leaks(fields: dict[str, BatchField], of: Hints) -> list[str]:
    """What one viewer is told and others might be."""
    own = [at for at, way in fields.items() if way.fn not in SHARED and way not in SHARED_BY_ID]
    return [at for at in own if rule(of, at).scope is not Scope.PRIVATE]


def test_a_field_that_asks_a_source_for_one_viewer_is_shared_with_nobody() -> None:
    fields = bound()

    assert len(fields) >= 25
    assert leaks(fields, hints(core_schema())) == []


def test_a_field_for_one_viewer_that_is_said_to_be_shared_is_found() -> None:
    fields, of = bound(), dict(hints(core_schema()))
    of["Course", "progress"] = of["Course", "outline"]

    assert leaks(fields, of) == ["Course.progress"]


def test_what_only_few_may_know_is_kept_for_no_time() -> None:
    of = hints(core_schema())
    judged = {at for at, way in bound().items() if OF_ONE & {*way.guards, *way.reveals}}

    assert {"Query.viewer", "Course.roster", "Assessment.submissions"} <= judged
    assert {at: rule(of, at).max_age_s for at in judged} == dict.fromkeys(judged, 0)


@pytest.mark.parametrize("at", sorted(OF_THE_MOMENT | PLAINLY_OWN))
def test_what_is_of_the_moment_or_of_the_viewer_alone_is_never_kept(at: str) -> None:
    kind, name = at.split(".")
    schema = core_schema()
    field = hint_of(schema.type_map[kind].fields[name])  # type: ignore[attr-defined]

    assert field.over(hint_of(schema.type_map[kind])) == Hint(0, Scope.PRIVATE, None)


def test_whatever_says_as_of_when_it_is_is_never_kept() -> None:
    assert of_type(core_schema(), "AsOf") == {0}
    assert of_type(core_schema(), "Window") == {0}
    assert of_type(core_schema(), "Attempt") == {0}


def of_type(schema: GraphQLSchema, name: str) -> set[int | None]:
    of = hints(schema)
    return {
        one.hint.max_age_s
        for (kind, _), one in of.items()
        if one.kind.name == name and kind != "AttemptEdge" and not is_leaf_type(one.kind)
    }


def test_what_depends_on_the_time_of_day_is_kept_no_longer_than_half_a_minute() -> None:
    assert (hint_of(core_schema().type_map["LiveClass"]).max_age_s or 0) <= 30


def test_clients_can_read_how_long_it_may_be_kept() -> None:
    assert "enum CacheScope {" in printed()
    assert "title: String!" in printed()
    assert "type LiveClass implements Node @cacheControl(maxAge: 30, scope: TENANT) {" in printed()


def test_an_item_is_found_only_where_its_assessment_says_how_long_it_is_kept() -> None:
    schema = core_schema()
    holders = {
        f"{kind}.{name}"
        for (kind, name), one in hints(schema).items()
        if get_named_type(one.kind).name == "Item"
    }

    assert holders == {"Assessment.items"}


def test_a_fields_hint_goes_before_its_types() -> None:
    of_type = Hint(60, Scope.TENANT, 30)

    assert Hint(10, Scope.PRIVATE).over(of_type) == Hint(10, Scope.PRIVATE, None)
    assert Hint(scope=Scope.PRIVATE).over(of_type) == Hint(60, Scope.PRIVATE, 30)
    assert SILENT.over(of_type) == of_type


def test_of_two_in_one_answer_the_shorter_time_and_the_narrower_scope_count() -> None:
    both = Hint(60, Scope.PUBLIC, 30).and_(Hint(90, Scope.TENANT, 0))

    assert both == Hint(60, Scope.TENANT, 0)
    assert both.and_(SILENT) is both
    assert SILENT.and_(both) is both
