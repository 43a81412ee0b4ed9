"""Documents made at random by the contract's own grammar, and some of them spoilt."""

import random
from collections.abc import Sequence
from typing import TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from tests.fakes.tenant import assessment_id, attempt_id, class_id, course_id, lesson_id

T = TypeVar("T")

IDS = [course_id("acme"), lesson_id("acme"), assessment_id("acme"), attempt_id("acme")]
VALUES = {
    "ID": [f'"{one}"' for one in [*IDS, class_id("acme"), course_id("other")]] + ['""', "7"],
    "Int": ["1", "3", "-1", "0", "100", "99999999999", "null"],
    "Float": ["0.5", "1e300", "-0"],
    "Boolean": ["true", "false"],
    "String": ['""', '"a"', '"\\u0000"', '"""b"""'],
    "DateTime": ['"2026-01-01T00:00:00Z"', '"now"', "5"],
    "Duration": ['"PT1M"', '"P"'],
    "ConsistencyToken": ['"x"'],
}
ANY = ["1", '"a"', "{}", "[[]]", "$v", "null", "NOT_THERE", "{a: {b: [1]}}"]
SPOIL = [
    "{",
    "}",
    "(",
    ")",
    "...",
    "@skip(if: true)",
    "@defer",
    "$v",
    ":",
    "!",
    "on",
    '"',
    "#",
    "\ufeff",
]


class Grammar:
    """`dice` decides all, so that a run can be had again."""

    def __init__(self, schema: GraphQLSchema, dice: random.Random) -> None:
        self._schema = schema
        self._dice = dice
        self._fragments: dict[str, str] = {}

    def document(self) -> str:
        """A valid one or nearly; every other is spoilt somewhere."""
        self._fragments = {}
        kind = self._dice.choice(["query", "query", "query", "mutation"])
        root = self._schema.mutation_type if kind == "mutation" else self._schema.query_type
        assert root is not None
        head = self._dice.choice([kind, f"{kind} A", f"{kind} B($v: Int, $w: [ID!] = [])"])
        body = self._selection(root, deep=self._dice.randint(1, 11))
        text = " ".join([head, body, *self._fragments.values()])
        return self._spoilt(text) if self._dice.random() < 0.5 else text

    def _selection(self, kind: GraphQLNamedType, deep: int) -> str:
        if isinstance(kind, GraphQLUnionType):
            return self._members(kind, deep)
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        names = self._some(list(kind.fields), most=4)
        parts = [self._field(name, kind.fields[name], deep) for name in names]
        if self._dice.random() < 0.1:
            parts.append(self._fragment(kind, deep))
        if self._dice.random() < 0.2 and isinstance(kind, GraphQLInterfaceType):
            parts.append(self._members(kind, deep)[1:-1])
        return "{ __typename " + " ".join(parts) + " }"

    def _members(self, kind: GraphQLUnionType | GraphQLInterfaceType, deep: int) -> str:
        members = self._some(list(self._schema.get_possible_types(kind)), most=3)
        parts = [f"... on {one.name} {self._selection(one, deep - 1)}" for one in members]
        return "{ __typename " + " ".join(parts) + " }"

    def _field(self, name: str, field: GraphQLField, deep: int) -> str:
        below = get_named_type(field.type)
        alias = f"a{self._dice.randint(0, 3)}: " if self._dice.random() < 0.1 else ""
        directive = " @include(if: true)" if self._dice.random() < 0.05 else ""
        asked = f"{alias}{name}{self._arguments(field)}{directive}"
        if is_leaf_type(below):
            return asked
        return f"{asked} {self._selection(below, deep - 1)}" if deep > 0 else "__typename"

    def _fragment(self, kind: GraphQLNamedType, deep: int) -> str:
        name = f"F{len(self._fragments)}"
        if deep > 0:
            self._fragments[name] = ""
            self._fragments[name] = (
                f"fragment {name} on {kind.name} {self._selection(kind, deep - 1)}"
            )
        return f"...{name}"

    def _arguments(self, field: GraphQLField) -> str:
        given = [
            f"{name}: {self._value(argument.type)}"
            for name, argument in field.args.items()
            if _is_needed(argument) or self._dice.random() < 0.3
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, kind: GraphQLInputType, deep: int = 4) -> str:
        named = get_named_type(kind)
        if self._dice.random() < 0.05:
            return self._dice.choice(ANY)
        if "[" in str(kind):
            values = [self._plain(named, deep) for _ in range(self._dice.randint(0, 3))]
            return f"[{', '.join(values)}]"
        return self._plain(named, deep)

    def _plain(self, named: GraphQLNamedType, deep: int) -> str:
        fields = getattr(named, "fields", None)
        if fields is None:
            values = VALUES.get(named.name) or list(getattr(named, "values", {"X": None}))
            return self._dice.choice(values)
        if deep < 0:
            return "{}"
        given = [f"{name}: {self._value(one.type, deep - 1)}" for name, one in fields.items()]
        return "{" + ", ".join(given) + "}"

    def _spoilt(self, text: str) -> str:
        words = text.split()
        for _ in range(self._dice.randint(1, 3)):
            at = self._dice.randrange(len(words))
            words[at] = self._dice.choice([*SPOIL, words[at][:-1], self._dice.choice(words)])
        return " ".join(words)

    def _some(self, all_of: Sequence[T], most: int) -> list[T]:
        return self._dice.sample(all_of, min(len(all_of), self._dice.randint(1, most)))


def _is_needed(argument: GraphQLArgument) -> bool:
    return str(argument.type).endswith("!")
