"""What the nasty schema's sources know: good values, and bad ones, made from a seed alone."""

import asyncio
import random
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from schema.directives import DEFINITION
from services.contracts.errors import FORBIDDEN, HIDDEN, ErrorCode, Refused, UpstreamTimeout
from tests.execution.things import (
    GOOD,
    NEARLY,
    Letters,
    Made,
    Mood,
    Odd,
    Raising,
    Stray,
    mark_of,
)

Asked = tuple[str, str, tuple[str, ...]]
"""A field, its arguments, and the marks of the parents that it was asked for."""


REFUSALS = [
    HIDDEN,
    FORBIDDEN,
    UpstreamTimeout.refusal,
    Refused(ErrorCode.UPSTREAM_UNAVAILABLE, "Later.", True, 1_000),
]


class World:
    """`evil`: the share of values that are bad. `asked` and `done` keep what sources were asked.

    `structs`: by the names of the schema's types, whose instances stand for them.
    """

    def __init__(
        self, schema: GraphQLSchema, structs: Mapping[str, type[Made]], seed: str, evil: float
    ) -> None:
        self._schema = schema
        self._structs = structs
        self._kinds = {struct: name for name, struct in structs.items()}
        self._seed = seed
        self._evil = evil
        self.asked: list[Asked] = []
        self.done: list[str] = []

    async def answer(
        self, field: str, parents: Sequence[Any], args: dict[str, Any], *, may_fail: bool = True
    ) -> list[Any]:
        """What goes wrong for all of them depends on what is asked, and not on how many ask."""
        said = repr(sorted(args.items()))
        self.asked.append((field, said, tuple(mark_of(parent) for parent in parents)))
        dice = self._dice(field, said)
        for _ in range(dice.choice([0, 0, 1, 3])):
            await asyncio.sleep(0)
        fate = dice.random() if may_fail else 1.0
        if fate < self._evil / 2:
            raise dice.choice(_errors(dice))
        if fate < self._evil:
            return []
        return [self._item(field, mark_of(parent), said) for parent in parents]

    async def do(self, field: str, given: dict[str, Any]) -> Any:
        self.done.append(f"{field} {given}")
        dice = self._dice(field, repr(given))
        await asyncio.sleep(0)
        if dice.random() < self._evil:
            raise dice.choice(_errors(dice))
        return self.value(self._type(field), dice)

    def event(self, field: str, seed: str) -> Any:
        return self.value(self._type(field), self._dice(field, seed))

    def tell(self, field: str, parent: Any) -> Any:
        value = self.value(self._type(field), self._dice(field, mark_of(parent)))
        if isinstance(value, Raising):
            raise value.error
        return value

    def attribute(self, thing: Made, name: str) -> Any:
        types = _attributes(self._schema, self._kinds.get(type(thing), ""))
        if name not in types:
            raise AttributeError(f"{type(thing).__name__} has no {name}")
        return self.value(types[name], self._dice(name, thing.mark))

    def value(self, type_: Any, dice: random.Random) -> Any:
        if dice.random() < self._evil:
            nearly = NEARLY.get(str(type_).rstrip("!"), ())
            return dice.choice(nearly) if nearly and dice.random() < 0.3 else self._bad(dice)
        if is_non_null_type(type_):
            return self._good(type_.of_type, dice)
        return None if dice.random() < 0.15 else self._good(type_, dice)

    def _good(self, type_: Any, dice: random.Random) -> Any:
        if is_list_type(type_):
            items = [self.value(type_.of_type, dice) for _ in range(dice.choice([0, 1, 2, 2, 3]))]
            forms: list[Any] = [list, list, list, list, tuple, deque, iter]
            return dice.choice(forms)(items)
        if is_leaf_type(type_):
            return dice.choice(GOOD[type_.name])
        if is_abstract_type(type_):
            type_ = dice.choice(self._schema.get_possible_types(type_))
        return self._thing(self._structs[type_.name], dice)

    def _bad(self, dice: random.Random) -> Any:
        kind = dice.choice(list(self._structs.values()))
        values: list[Any] = [
            None,
            Undefined,
            5,
            "text",
            2**40,
            float("nan"),
            float("inf"),
            [],
            {},
            [[None]],
        ]
        values += [
            float("nan"),
            float("inf"),
            b"bytes",
            Odd("unprintable"),
            Odd("nothing"),
            Mood.CALM,
            "NOT A MOOD",
            Letters(),
        ]
        values += [*_errors(dice), *map(Raising, _errors(dice)), [ValueError("inside")]]
        values += [
            self._thing(kind, dice),
            [self._thing(kind, dice), None],
            self._thing(Stray, dice),
        ]
        return dice.choice(values)

    def _item(self, field: str, mark: str, said: str) -> Any:
        dice = self._dice(field, mark, said)
        refuses = dice.random() < self._evil
        return dice.choice(REFUSALS) if refuses else self.value(self._type(field), dice)

    def _thing(self, struct: type[Made], dice: random.Random) -> Made:
        return struct(self, f"{dice.getrandbits(40):x}")

    def _type(self, field: str) -> Any:
        kind, name = field.split(".")
        return _types(self._schema, kind)[name]

    def _dice(self, *of: str) -> random.Random:
        return random.Random("/".join([self._seed, *of]))


def _errors(dice: random.Random) -> list[Exception]:
    return [
        ValueError("no value"),
        UpstreamTimeout("late"),
        GraphQLError("said so", extensions={"code": "SAID", "n": dice.randint(0, 9)}),
        KeyError("key"),
    ]


@cache
def _types(schema: GraphQLSchema, kind: str) -> dict[str, Any]:
    """Of the fields of a type, by the names that Python knows."""
    fields = getattr(schema.get_type(kind), "fields", {}).values()
    return {one.extensions[DEFINITION].python_name: one.type for one in fields}


@cache
def _attributes(schema: GraphQLSchema, kind: str) -> dict[str, Any]:
    fields = getattr(schema.get_type(kind), "fields", {}).values()
    ours = [(one.extensions[DEFINITION], one.type) for one in fields]
    return {one.python_name: type_ for one, type_ in ours if one.is_basic_field}
