"""How long an answer may be kept and who may share it, as the contract says: `@cacheControl`."""

from dataclasses import dataclass
from enum import StrEnum

import strawberry
from graphql import GraphQLField, GraphQLNamedType
from strawberry.schema_directive import Location

from schema.directives import first_of

COVERED = [
    Location.FIELD_DEFINITION,
    Location.OBJECT,
    Location.INTERFACE,
    Location.UNION,
]


@strawberry.enum(name="CacheScope")
class Scope(StrEnum):
    PUBLIC = "PUBLIC"
    TENANT = "TENANT"
    PRIVATE = "PRIVATE"

    def within(self, other: "Scope") -> "Scope":
        """The narrower of the two."""
        return max(self, other, key=WIDEST_FIRST.index)


WIDEST_FIRST = list(Scope)


@strawberry.schema_directive(
    locations=COVERED,
    name="cacheControl",
    description="How long an answer may be kept and who may share it. maxAge 0 unless said; a "
    "field with maxAge > 0 must name its scope (a lint); the answer takes the minimum of both. An "
    "operation that selects serverNow, lagMs or source is not kept whole.",
)
class CacheControl:
    max_age: int | None = strawberry.UNSET
    scope: Scope | None = strawberry.UNSET
    stale_while_revalidate: int | None = strawberry.UNSET
    inherit_max_age: bool | None = strawberry.UNSET


@dataclass(frozen=True, slots=True)
class Hint:
    """What the contract says of a field or of a type; None where it leaves that open."""

    max_age_s: int | None = None
    scope: Scope | None = None
    stale_s: int | None = None
    inherits: bool = False

    @property
    def is_silent(self) -> bool:
        return self.max_age_s is None and self.scope is None

    def over(self, below: "Hint") -> "Hint":
        """A field's over its type's; how long it may be stale goes with how long it is kept."""
        ages = below if self.max_age_s is None else self
        inherits = self.inherits or below.inherits
        return Hint(ages.max_age_s, self.scope or below.scope, ages.stale_s, inherits)

    def and_(self, other: "Hint") -> "Hint":
        """Of two in one answer: the shorter time, the narrower scope."""
        if other is SILENT:
            return self
        if self is SILENT:
            return other
        return Hint(
            _least(self.max_age_s, other.max_age_s),
            _narrower(self.scope, other.scope),
            _least(self.stale_s, other.stale_s),
        )


SILENT = Hint()


def _least(one: int | None, other: int | None) -> int | None:
    return min((said for said in (one, other) if said is not None), default=None)


def _narrower(one: Scope | None, other: Scope | None) -> Scope | None:
    return one.within(other) if one and other else one or other


def kept(max_age_s: int, scope: Scope, *, stale_s: int | None = None) -> CacheControl:
    """So long, and for `stale_s` more while a newer one is fetched."""
    stale = strawberry.UNSET if stale_s is None else stale_s
    return CacheControl(max_age=max_age_s, scope=scope, stale_while_revalidate=stale)


def shared(max_age_s: int, *, stale_s: int | None = None) -> CacheControl:
    """The same for everybody of the tenant who may see it at all."""
    return kept(max_age_s, Scope.TENANT, stale_s=stale_s)


def never_kept() -> CacheControl:
    """It is the viewer's own, or as new as the moment."""
    return kept(0, Scope.PRIVATE)


def as_its_parent(scope: Scope | None = None) -> CacheControl:
    """As long as what it is in, or as what is in it."""
    return CacheControl(inherit_max_age=True, scope=scope or strawberry.UNSET)


def hint_of(defined: GraphQLField | GraphQLNamedType) -> Hint:
    said = first_of(CacheControl, defined)
    if said is None:
        return SILENT
    return Hint(
        said.max_age or (0 if said.max_age == 0 else None),
        said.scope or None,
        said.stale_while_revalidate or None,
        said.inherit_max_age is True,
    )
