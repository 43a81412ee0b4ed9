"""Explains how long an answer may be kept, who may share it, and how a hit is judged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, OperationType

from gateway.operation.document import Documents
from gateway.operation.keeping import Keeping
from gateway.operation.plan import Planned
from gateway.operation.rulings import Ruling, decides_age, decides_scope
from gateway.operation.setup import rules_of
from resolvers.guards import Guard
from schema.answering import BatchField, FoundField
from schema.binding import METADATA
from schema.contract import core_schema
from schema.directives import DEFINITION
from schema.keeping import Hint, Scope
from schema.lookup import NODE
from services.kit.cli import settings_from_environ

BY_WHOM = {
    Scope.PUBLIC: "by everybody",
    Scope.TENANT: "by everybody of the tenant who passes its guards",
    Scope.PRIVATE: "by its viewer alone",
}
BY_KIND = "those of the kind that the id names"


@dataclass(frozen=True, slots=True)
class Decided:
    """One thing that the contract says, and what of the whole it decides."""

    path: str
    at: str
    said: str
    why: str
    decides: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The guards that a hit has to pass at one field."""

    at: str
    guards: str


@dataclass(frozen=True, slots=True)
class Explained:
    head: list[str]
    roots: list[tuple[str, str]]
    decided: list[Decided]
    judged: list[Judged]


def explained(text: str, name: str | None) -> Explained:
    """Raises BadDocument."""
    rules = replace(rules_of(settings_from_environ()), is_open=True, compiles_after=0)
    schema = core_schema()
    planned = Documents(schema, rules).read(text).operation(name)
    keeping = planned.keeping
    return Explained(
        list(_head(planned)),
        [(key, told(one)) for key, one in planned.kept.roots.items()],
        [_decided(ruling, keeping) for ruling in planned.kept.rulings],
        list(_judged(schema, planned.uses.coordinates)),
    )


def _head(planned: Planned) -> Iterator[str]:
    named, keeping = planned.node.name, planned.keeping
    yield f"{planned.kind.value} {named.value}" if named else planned.kind.value
    yield f"the whole answer: {told(keeping)}"
    if planned.kind is not OperationType.QUERY:
        yield f"no {planned.kind.value} is ever kept"
    is_shared = "yes" if keeping.is_shared else "no"
    yield f"kept whole: {'yes' if keeping.is_kept else 'no'}, shared: {is_shared}"


def told(keeping: Keeping) -> str:
    if not keeping.is_kept:
        return f"maxAge 0, {keeping.scope}: not kept"
    stale = f"; {keeping.stale_s} s more while it is renewed" if keeping.stale_s else ""
    kept = f"maxAge {keeping.max_age_s}, {keeping.scope}: kept {BY_WHOM[keeping.scope]}"
    return f"{kept}{stale}"


def _decided(ruling: Ruling, keeping: Keeping) -> Decided:
    decides = [
        *(["maxAge"] if decides_age(ruling, keeping.max_age_s) else []),
        *(["scope"] if decides_scope(ruling, keeping.scope) else []),
    ]
    path = ".".join(ruling.path)
    return Decided(path, ruling.at, _said(ruling.hint), ruling.why, ", ".join(decides))


def _said(hint: Hint) -> str:
    age = [] if hint.max_age_s is None else [f"maxAge {hint.max_age_s}"]
    scope = [] if hint.scope is None else [str(hint.scope)]
    stale = [f"stale {hint.stale_s}"] if hint.stale_s else []
    return ", ".join([*age, *scope, *stale])


def _judged(schema: GraphQLSchema, coordinates: Iterable[str]) -> Iterator[Judged]:
    for at in sorted(coordinates):
        way = _way(schema, at)
        if way is not None:
            named = [*map(_named, way.guards), *(f"{_named(one)} (found)" for one in way.reveals)]
            yield Judged(at, ", ".join([*named, *([BY_KIND] if way == NODE else [])]))


def _way(schema: GraphQLSchema, at: str) -> BatchField | None:
    """None for what asks nobody."""
    kind, _, name = at.partition(".")
    owner = schema.type_map.get(kind)
    if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
        return None
    field = owner.fields.get(name)
    ours = field and (field.extensions or {}).get(DEFINITION)
    bound = ours.metadata.get(METADATA) if ours else None
    bound = bound.way if isinstance(bound, FoundField) else bound
    return bound if isinstance(bound, BatchField) else None


def _named(guard: Guard) -> str:
    return guard.name
