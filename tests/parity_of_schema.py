"""Compares what two sides answered, by coordinate of the contract; quirks explain what differs."""

from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from legacy.quirks import Quirk
from tests.parity import FEWEST

Object: TypeAlias = Mapping[str, Any]
Apply: TypeAlias = Callable[[Any, Object, Object], Any]
"""What the old side would say, by what the new one says, the thing it says it of, and the thing as
the old side told it."""


@dataclass(frozen=True, slots=True)
class Explained:
    quirk: Quirk
    apply: Apply


@dataclass(frozen=True, slots=True)
class Difference:
    coordinate: str
    legacy: Any
    service: Any


@dataclass
class SchemaParity:
    """`compared` counts values that neither side left out; `explained` what a quirk changed before
    it was compared. What is `ignored` is asked for and not compared."""

    schema: GraphQLSchema
    quirks: Mapping[str, Explained]
    ignored: Container[str] = ()
    compared: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def take(self, legacy: Object, service: Object) -> None:
        """One answer of each side, with its errors."""
        assert self.schema.query_type is not None
        self._object(self.schema.query_type.name, legacy["data"], service["data"])
        old, new = map(errors, (legacy, service))
        for place in old.keys() | new.keys():
            self._errors(place[0], old.get(place), new.get(place))

    def not_compared(self) -> list[str]:
        return sorted(name for name, times in self.compared.items() if times < FEWEST)

    def _errors(self, way: str, old: str | None, new: str | None) -> None:
        """A quirk of a field explains its error as well."""
        known = next((one for at, one in self.quirks.items() if _is_error_of(at, way)), None)
        told = new if known is None else self._applied(known, way, new, {}, {})
        if old != told:
            self.differences.append(Difference(f"errors of {way}", old, new))

    def _object(self, kind: str, old: Object, new: Object) -> None:
        for name in old:
            coordinate = f"{kind}.{name}"
            if coordinate in self.ignored:
                continue
            told, known = new.get(name), self.quirks.get(coordinate)
            if known is not None:
                told = self._applied(known, coordinate, told, new, old)
            self._value(coordinate, old[name], told)

    def _applied(self, known: Explained, at: str, new: Any, there: Object, here: Object) -> Any:
        made = known.apply(new, there, here)
        if made != new:
            self.explained[f"{at}: {known.quirk.name}"] += 1
        return made

    def _value(self, coordinate: str, old: Any, new: Any) -> None:
        if isinstance(old, dict) and isinstance(new, dict):
            self._object(self._kind(coordinate, old), old, new)
        elif isinstance(old, list) and isinstance(new, list) and old and len(old) == len(new):
            for one, other in zip(old, new, strict=True):
                self._value(coordinate, one, other)
        else:
            if self._is_leaf(coordinate):
                self.compared[coordinate] += old is not None and new is not None
            if old != new:
                self.differences.append(Difference(coordinate, old, new))

    def _is_leaf(self, coordinate: str) -> bool:
        return not coordinate.endswith(".__typename") and is_leaf_type(self._type(coordinate))

    def _kind(self, coordinate: str, value: Object) -> str:
        """An object's type, by the contract, or by itself where that leaves it open."""
        if "__typename" in value:
            return str(value["__typename"])
        return str(self._type(coordinate).name)

    def _type(self, coordinate: str) -> GraphQLNamedType:
        kind, _, name = coordinate.partition(".")
        of = self.schema.type_map[kind]
        assert isinstance(of, GraphQLObjectType), coordinate
        named: GraphQLNamedType = get_named_type(of.fields[name].type)
        return named


def errors(answer: Object) -> dict[tuple[str, str], str]:
    """Codes, by the names on the way and by the whole way."""
    return {
        (".".join(one for one in told["path"] if isinstance(one, str)), str(told["path"])): (
            told["extensions"]["code"]
        )
        for told in answer.get("errors", [])
    }


def _is_error_of(at: str, way: str) -> bool:
    of, _, end = at.rpartition(" ")
    return of == "errors of" and way.endswith(end)
