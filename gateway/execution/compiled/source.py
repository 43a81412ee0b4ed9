"""Writes a plan as Python: one function a selection, with nothing in it that a client wrote.

A function makes the ordinary case, loads in one line and the answer in one display; whatever is
not ordinary it hands to `completing`, which knows all cases.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLString,
    Undefined,
)

from gateway.execution.compiled import completing
from gateway.execution.compiled.plan import (
    Attribute,
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

ORDINARY: Mapping[Any, str] = {
    GraphQLString: "{0}.__class__ is str",
    GraphQLID: "{0}.__class__ is str",
    GraphQLInt: "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat: "{0}.__class__ is float and {0} - {0} == 0.0",
    GraphQLBoolean: "{0} is True or {0} is False",
}
"""What of a scalar is its own answer."""


class Source:
    """`text` is the module; `names` is what it knows besides Python."""

    def __init__(self, plan: Plan) -> None:
        self.names: dict[str, Any] = {
            "complete": completing.complete,
            "carefully": completing.carefully,
            "give_up": completing.give_up,
            "Nulled": Nulled,
            "Undefined": Undefined,
        }
        self._lines: list[str] = []
        self._numbers = {id(one): number for number, one in enumerate(plan.selections)}
        for selection in plan.selections:
            self._write(selection)
        for number, asked in enumerate(_places(plan)):
            self._finish(number, asked.place, asked.shape)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

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
        self._define(f"select{self._numbers[id(selection)]}(thing, path, run)", body)

    def _finish(self, number: int, place: Place, shape: Shape) -> None:
        """What a source gave, at its place in the answer."""
        body = [*self._completed(shape, place, "value", "path"), "return value"]
        self._define(f"finish{number}(value, path, run)", body)

    def _define(self, head: str, body: list[str]) -> None:
        self._lines += [f"def {head}:", *_in(body), ""]

    def _completed(self, shape: Shape, place: Place, value: str, at: str) -> list[str]:
        """Lines that make of what was loaded what is answered."""
        shaped, placed = self._name("shape", shape), self._name("place", place)
        careful = [f"{value} = complete({shaped}, {placed}, {value}, {at}, run)"]
        ordinary = self._ordinary(shape, value)
        if ordinary is None:
            return careful
        made = self._made(shape, placed, value, at)
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

    def _made(self, shape: Shape, placed: str, value: str, at: str) -> list[str]:
        """Empty where the value is its own answer."""
        match shape:
            case Leaf(type_) if type_ not in ORDINARY:
                return [f"{value} = {self._name('names', names_of(type_))}[{value}]"]
            case Thing(selection):
                return [f"{value} = select{self._numbers[id(selection)]}({value}, at, run)"]
            case ListOf(Thing(selection, True) as item):
                select = f"select{self._numbers[id(selection)]}(one, (at, nth), run)"
                careful = f"complete({self._name('shape', item)}, {placed}, one, (at, nth), run)"
                choice = f"{select} if {self._stands_for(selection, 'one')} else {careful}"
                return [f"{value} = [{choice} for nth, one in enumerate({value})]"]
            case _:
                return []

    def _stands_for(self, selection: Selection, value: str) -> str:
        """Whether it is surely a thing of the selection's type."""
        if selection.type.is_type_of is None:
            is_given = f"{value} is not None and {value} is not Undefined"
            return f"{is_given} and not isinstance({value}, Exception)"
        struct = struct_of(selection.type)
        return "False" if struct is None else f"{value}.__class__ is {self._name('struct', struct)}"


def names_of(type_: Any) -> dict[Any, str]:
    return {one: type_.coerce_output_value(one) for one in type_.wrapped_cls}


def compiled(plan: Plan) -> str:
    """Gives each selection and each place of the plan its function; says their source."""
    source = Source(plan)
    exec(compile(source.text, "<operation>", "exec"), source.names)  # noqa: S102
    for number, selection in enumerate(plan.selections):
        selection.make = source.names[f"select{number}"]
    for number, place in enumerate(_places(plan)):
        place.finish = source.names[f"finish{number}"]
    return source.text


def _places(plan: Plan) -> list[Site | Command]:
    return [*plan.sites, *plan.commands, *([plan.event] if plan.event else [])]


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
