"""Operations made at random of a schema's own words, nearly all of them valid."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

T = TypeVar("T")
Words = Mapping[str, Sequence[Any]]
"""Of each scalar the values that its arguments take, as JSON has them."""

DIRECTED = 0.12
MERGED = 0.15
SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Drawn:
    """An operation and its variables."""

    text: str
    variables: dict[str, Any]
    kind: str


class Grammar:
    """`dice` decides all, so that a run can be had again."""

    def __init__(self, schema: GraphQLSchema, words: Words, dice: random.Random) -> None:
        self._schema = schema
        self._words = words
        self._dice = dice

    def draw(self) -> Drawn:
        self._fragments: dict[str, str] = {}
        self._declared: dict[str, str] = {}
        self._variables: dict[str, Any] = {}
        self._known: dict[tuple[str, ...], str] = {}
        kind = self._dice.choice(["query"] * 6 + ["mutation", "subscription"])
        root = getattr(self._schema, f"{kind}_type")
        self._room = self._dice.choice([10, 20, 40, 40, 80, 200])
        deep = self._dice.choice([1, 2, 2, 3, 3, 4, 4, 5])
        body = self._root(root, deep) if kind == "subscription" else self._selection(root, deep)
        declared = ", ".join(f"${name}: {told}" for name, told in self._declared.items())
        head = f"{kind} Drawn({declared})" if declared else kind
        text = " ".join([head, body, *self._fragments.values()])
        return Drawn(text, self._variables, kind)

    def _root(self, root: GraphQLObjectType, deep: int) -> str:
        """Of a subscription: one field."""
        name = self._dice.choice(list(root.fields))
        return f"{{ {self._field(name, root.fields[name], deep)} }}"

    def _selection(self, kind: GraphQLNamedType, deep: int) -> str:
        deep = deep if self._room > 0 else 0
        parts = [] if isinstance(kind, GraphQLUnionType) else self._fields(kind, deep)
        if not parts or self._dice.random() < 0.2:
            parts.append(self._alias("__typename") + "__typename" + self._directives())
        if deep > 0 and (is_abstract_type(kind) or self._chance(SPREAD)):
            parts += [self._spread(kind, deep - 1) for _ in range(self._dice.randint(1, 2))]
        self._dice.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def _fields(self, kind: Any, deep: int) -> list[str]:
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        names = [name for name in kind.fields if deep > 0 or _is_leaf(kind.fields[name])]
        parts: list[str] = []
        for name in self._some(names, most=4):
            times = 2 if self._chance(MERGED) else 1
            parts += [self._field(name, kind.fields[name], deep) for _ in range(times)]
        return parts

    def _field(self, name: str, field: GraphQLField, deep: int) -> str:
        self._room -= 1
        alias = self._alias(name)
        # One answer key asks one thing in the whole document: else it were not valid.
        key = (alias or name, *field.args)
        if key not in self._known:
            self._known[key] = self._arguments(field)
        asked = f"{alias}{name}{self._known[key]}{self._directives()}"
        below = get_named_type(field.type)
        return asked if is_leaf_type(below) else f"{asked} {self._selection(below, deep - 1)}"

    def _alias(self, name: str) -> str:
        return f"{name.strip('_')}{self._dice.randint(0, 2)}: " if self._chance(0.15) else ""

    def _spread(self, kind: GraphQLNamedType, deep: int) -> str:
        on = self._dice.choice(self._overlapping(kind))
        if self._chance(0.5) or len(self._fragments) > 6:
            condition = "" if on is kind and self._chance(0.5) else f" on {on.name}"
            return f"...{condition}{self._directives()} {self._selection(on, deep)}"
        of_kind = [name for name, text in self._fragments.items() if f" on {on.name} " in text]
        if of_kind and self._chance(0.4):
            return f"...{self._dice.choice(of_kind)}{self._directives()}"
        name = f"F{len(self._fragments)}"
        self._fragments[name] = ""
        self._fragments[name] = f"fragment {name} on {on.name} {self._selection(on, deep)}"
        return f"...{name}{self._directives()}"

    def _overlapping(self, kind: GraphQLNamedType) -> list[Any]:
        """The types that a thing of this type may be too."""
        may_be = self._possible(kind)
        kinds = self._schema.type_map.values()
        return [one for one in kinds if may_be & self._possible(one)]

    def _possible(self, kind: GraphQLNamedType) -> set[str]:
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return {one.name for one in self._schema.get_possible_types(kind)}
        return {kind.name} if isinstance(kind, GraphQLObjectType) else set()

    def _directives(self) -> str:
        if not self._chance(DIRECTED):
            return ""
        names = self._some(["skip", "include"], most=2)
        return " " + " ".join(f"@{name}(if: {self._condition()})" for name in names)

    def _condition(self) -> str:
        if self._chance(0.5):
            return self._dice.choice(["true", "false"])
        name = f"b{self._dice.randint(0, 2)}"
        if name not in self._declared:
            self._declared[name] = self._dice.choice(["Boolean!", "Boolean! = true"])
            if "=" not in self._declared[name] or self._chance(0.5):
                self._variables[name] = self._chance(0.5)
        return f"${name}"

    def _arguments(self, field: GraphQLField) -> str:
        given = [
            f"{name}: {self._given(argument)}"
            for name, argument in field.args.items()
            if (is_non_null_type(argument.type) and not _has_default(argument)) or self._chance(0.4)
        ]
        return f"({', '.join(given)})" if given else ""

    def _given(self, argument: GraphQLArgument) -> str:
        if self._chance(0.4):
            return self._variable(argument)
        return self._literal(argument.type)

    def _variable(self, argument: GraphQLArgument) -> str:
        name, type_ = f"v{len(self._declared)}", argument.type
        told = str(type_)
        if self._chance(0.3):
            told += f" = {self._literal(type_, may_be_null=False)}"
        self._declared[name] = told
        is_left_out = not is_non_null_type(type_) or "=" in told
        if not (is_left_out and self._chance(0.3)):
            self._variables[name] = self._json(type_)
        return f"${name}"

    def _literal(self, type_: Any, *, may_be_null: bool = True) -> str:
        return _written(self._json(type_, may_be_null=may_be_null), type_)

    def _json(self, type_: Any, *, may_be_null: bool = True) -> Any:
        if is_non_null_type(type_):
            return self._json(type_.of_type, may_be_null=False)
        if may_be_null and self._chance(0.15):
            return None
        if is_list_type(type_):
            return [self._json(type_.of_type) for _ in range(self._dice.randint(0, 3))]
        if isinstance(type_, GraphQLEnumType):
            return self._dice.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_)
        return self._dice.choice(self._words[type_.name])

    def _object(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        if type_.is_one_of:
            name = self._dice.choice(list(type_.fields))
            return {name: self._json(type_.fields[name].type, may_be_null=False)}
        return {
            name: self._json(one.type)
            for name, one in type_.fields.items()
            if (is_non_null_type(one.type) and not _has_default(one)) or self._chance(0.5)
        }

    def _some(self, all_of: Sequence[T], most: int) -> list[T]:
        return self._dice.sample(all_of, min(len(all_of), self._dice.randint(1, most)))

    def _chance(self, share: float) -> bool:
        return self._dice.random() < share


def _is_leaf(field: GraphQLField) -> bool:
    return is_leaf_type(get_named_type(field.type))


def _has_default(one: Any) -> bool:
    return one.default_value is not Undefined


def _written(value: Any, type_: Any) -> str:
    """A value as a document says it."""
    if is_non_null_type(type_):
        return _written(value, type_.of_type)
    if isinstance(value, list):
        return "[" + ", ".join(_written(one, type_.of_type) for one in value) + "]"
    if isinstance(value, dict):
        fields = type_.fields
        said = [f"{name}: {_written(one, fields[name].type)}" for name, one in value.items()]
        return "{" + ", ".join(said) + "}"
    return str(value) if isinstance(type_, GraphQLEnumType) and value else json.dumps(value)
