"""Writes a plan as Python: one function a selection, with nothing in it that a client wrote.

A function makes the ordinary case, loads in one line and the answer in one display; whatever is
not ordinary it hands to `completing`, which knows all cases.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLString,
)
from graphql.pyutils import UndefinedType

from gateway.execution.compiled import completing
from gateway.execution.compiled.plan import (
    Attribute,
    Code,
    Command,
    Leaf,
    ListOf,
    Place,
    Plan,
    Selection,
    Shape,
    Site,
    Thing,
    Told,
    Typename,
)
from gateway.execution.compiled.run import Nulled
from schema.binding import struct_of
from schema.scalars import print_instant
from services.contracts.errors import Refused

NO_THING = (NoneType, UndefinedType, Exception, Refused)
"""Given in place of a thing."""
ORDINARY: Mapping[Any, str] = {
    GraphQLString: "{0}.__class__ is str",
    GraphQLID: "{0}.__class__ is str",
    GraphQLInt: "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat: "{0}.__class__ is float and {0} - {0} == 0.0",
    GraphQLBoolean: "{0} is True or {0} is False",
}
"""What of a scalar is its own answer."""
PRINTED: Mapping[Any, str] = {
    print_instant: "{0}.__class__ is datetime and {0}.tzinfo is UTC",
}
"""What of a scalar of ours is printed without fail, by the function that prints it."""


class Source:
    """`text` is the module; `names` is what it knows besides Python."""

    def __init__(self, plan: Plan) -> None:
        self.names: dict[str, Any] = {
            "complete": completing.complete,
            "carefully": completing.carefully,
            "give_up": completing.give_up,
            "put": completing.put,
            "NO_THING": NO_THING,
            "UTC": UTC,
            "datetime": datetime,
            "Nulled": Nulled,
        }
        self.functions: list[str] = []
        for selection in plan.selections:
            self._write(selection)
        for site in plan.sites:
            self._fill(site)
        for command in commands_of(plan):
            self._finish(command)

    @property
    def text(self) -> str:
        return "\n".join(self.functions)

    def _name(self, prefix: str, value: Any) -> str:
        name = f"{prefix}{len(self.names)}"
        self.names[name] = value
        return name

    def _write(self, selection: Selection) -> None:
        whole = self._name("selection", selection)
        loads: list[str] = []
        checks: list[str] = []
        shown: list[str] = []
        waits: list[str] = []
        for nth, asked in enumerate(selection.fields):
            key, value = self._name("key", asked.place.key), f"v{nth}"
            match asked:
                case Typename():
                    value = self._name("typename", selection.type.name)
                case Site(site):
                    value = "None"
                    waits.append(f"run.waiting[{site}].append((thing, made, path))")
                case Attribute(place, attribute, shape):
                    loads.append(f"{value} = thing.{attribute}")
                    checks += self._completed(shape, place, value, f"(path, {key})")
                case Told(place, fn, shape):
                    loads.append(f"{value} = {self._name('fn', fn)}(run.ctx, thing)")
                    checks += self._completed(shape, place, value, f"(path, {key})")
            shown.append(f"{key}: {value}")
        body = [f"made = {{{', '.join(shown)}}}", *waits, "return made"]
        if loads:
            careful = f"return carefully({whole}, thing, path, run)"
            body = ["try:", *_in(loads), "except Exception:", *_in([careful]), *checks, *body]
        self._define(f"select{selection.number}(thing, path, run)", body)

    def _finish(self, command: Command) -> None:
        """What was done, at its place in the answer."""
        body = [*self._completed(command.shape, command.place, "value", "path"), "return value"]
        self._define(f"finish{command.number}(value, path, run)", body)

    def _fill(self, site: Site) -> None:
        """What a source gave to each who waits."""
        key, whole = self._name("key", site.place.key), self._name("site", site)
        careful = [f"put({whole}, value, made, path, run)"]
        ordinary = self._ordinary(site.shape, "value")
        if ordinary is None:
            each = careful
        else:
            placed = self._name("place", site.place)
            made = [*self._made(site.shape, placed, "value"), f"made[{key}] = value"]
            if not isinstance(site.shape, Leaf):
                null = f"run.null(at, {self._name('strip', site.strip)}, nulled.error)"
                tried = ["try:", *_in(made), "except Nulled as nulled:", *_in([null])]
                made = [f"at = (path, {key})", *tried]
            each = [f"if {ordinary}:", *_in(made), "else:", *_in(careful)]
        loop = ["for (thing, made, path), value in zip(waits, items):", *_in(each)]
        self._define(f"fill{site.number}(waits, items, run)", loop)

    def _define(self, head: str, body: list[str]) -> None:
        self.functions.append("\n".join([f"def {head}:", *_in(body), ""]))

    def _completed(self, shape: Shape, place: Place, value: str, at: str) -> list[str]:
        """Lines that make of what was loaded what is answered."""
        shaped, placed = self._name("shape", shape), self._name("place", place)
        careful = [f"{value} = complete({shaped}, {placed}, {value}, {at}, run)"]
        ordinary = self._ordinary(shape, value)
        if ordinary is None:
            return careful
        made = self._made(shape, placed, value)
        if not made:
            return [f"if not ({ordinary}):", *_in(careful)]
        if not shape.required and not isinstance(shape, Leaf):
            give_up = f"{value} = give_up({shaped}, nulled, at, run)"
            made = ["try:", *_in(made), "except Nulled as nulled:", *_in([give_up])]
        if not isinstance(shape, Leaf):
            made = [f"at = {at}", *made]
        return [f"if {ordinary}:", *_in(made), "else:", *_in(careful)]

    def _ordinary(self, shape: Shape, value: str) -> str | None:
        """The condition on which code of ours makes the answer; None: it never does."""
        match shape:
            case Leaf(type_) if type_ in ORDINARY:
                return ORDINARY[type_].format(value)
            case Leaf(type_) if type_.coerce_output_value in PRINTED:
                return PRINTED[type_.coerce_output_value].format(value)
            case Leaf(type_) if hasattr(type_, "wrapped_cls"):
                return f"{value}.__class__ is {self._name('enum', type_.wrapped_cls)}"
            case ListOf(Leaf(type_, True)) if type_ in ORDINARY:
                each = ORDINARY[type_].format("one")
                return f"{value}.__class__ is list and all({each} for one in {value})"
            case ListOf(Thing(_, True)):
                return f"{value}.__class__ is list or {value}.__class__ is tuple"
            case Thing(selection):
                return self._stands_for(selection, value)
            case _:
                return None

    def _made(self, shape: Shape, placed: str, value: str) -> list[str]:
        """Empty where the value is its own answer."""
        match shape:
            case Leaf(type_) if type_.coerce_output_value in PRINTED:
                return [f"{value} = {self._name('fn', type_.coerce_output_value)}({value})"]
            case Leaf(type_) if type_ not in ORDINARY:
                return [f"{value} = {self._name('names', names_of(type_))}[{value}]"]
            case Thing(selection):
                return [f"{value} = run.code.select[{selection.number}]({value}, at, run)"]
            case ListOf(Thing(selection, True) as item):
                select = "select(one, (at, nth), run)"
                careful = f"complete({self._name('shape', item)}, {placed}, one, (at, nth), run)"
                choice = f"{select} if {self._stands_for(selection, 'one')} else {careful}"
                return [
                    f"select = run.code.select[{selection.number}]",
                    f"{value} = [{choice} for nth, one in enumerate({value})]",
                ]
            case _:
                return []

    def _stands_for(self, selection: Selection, value: str) -> str:
        """Whether it is surely a thing of the selection's type."""
        if selection.type.is_type_of is None:
            return f"not isinstance({value}, NO_THING)"
        struct = struct_of(selection.type)
        return "False" if struct is None else f"{value}.__class__ is {self._name('struct', struct)}"


def names_of(type_: Any) -> dict[Any, str]:
    return {one: type_.coerce_output_value(one) for one in type_.wrapped_cls}


def compiled(plan: Plan) -> str:
    """Gives the plan its functions; says their source."""
    source, made = Source(plan), dict[str, Any]()
    for function in source.functions:
        # One by one: whoever waits for the interpreter gets it in between.
        exec(compile(function, "<operation>", "exec"), source.names, made)  # noqa: S102
    plan.code = Code(
        [made[f"select{one.number}"] for one in plan.selections],
        [made[f"fill{one.number}"] for one in plan.sites],
        [made[f"finish{number}"] for number in range(len(commands_of(plan)))],
    )
    return source.text


def commands_of(plan: Plan) -> list[Command]:
    return [*plan.commands, plan.event] if plan.event else [*plan.commands]


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
