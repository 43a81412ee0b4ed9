"""Makes the answer of what sources gave, one value at a time: where code made for it gave up.

The rules are those of the specification's "Value Completion" and "Handling Execution Errors",
and the words those of graphql-core.
"""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, Undefined, is_object_type, located_error
from graphql.pyutils import inspect, is_iterable

from gateway.execution.compiled.plan import (
    Attribute,
    Leaf,
    ListOf,
    OneOf,
    Path,
    Place,
    Selection,
    Shape,
    Site,
    Thing,
    Told,
    Typename,
)
from gateway.execution.compiled.run import Nulled, Run, steps_of
from schema.answering import reveal
from services.contracts.errors import Refused

NOBODY: Any = None
"""Types of ours look at nothing but the thing."""


def complete(shape: Shape, place: Place, value: Any, path: Path, run: Run) -> Any:
    """Raises Nulled where null may not stand and there is nothing else."""
    try:
        if isinstance(value, Exception):
            raise value
        if value is None or value is Undefined:
            if shape.required:
                raise TypeError(place.null_told)
            return None
        return _whole(shape, place, value, path, run)
    except Nulled as nulled:
        return give_up(shape, nulled, path, run)
    except Exception as error:
        return give_up(shape, Nulled(located(error, place, path)), path, run)


def located(error: Exception, place: Place, path: Path) -> GraphQLError:
    return located_error(error, place.nodes, list(steps_of(path)))


def give_up(shape: Shape, nulled: Nulled, path: Path, run: Run) -> None:
    if shape.required:
        raise nulled
    run.errors.add(nulled.error, path)


def _whole(shape: Shape, place: Place, value: Any, path: Path, run: Run) -> Any:
    match shape:
        case Leaf(type):
            return _leaf(type, value)
        case ListOf(item):
            return _list(item, place, value, path, run)
        case Thing(selection):
            return thing(selection, place, value, path, run)
        case OneOf():
            return thing(selection_of(shape, place, value, run), place, value, path, run)


def _leaf(type_: Any, value: Any) -> Any:
    said = type_.coerce_output_value(value)
    if said is Undefined or said is None:
        raise TypeError(
            f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})` to return "
            f"non-nullable value, returned: {inspect(said)}"
        )
    return said


def _list(item: Shape, place: Place, value: Any, path: Path, run: Run) -> list[Any]:
    if not is_iterable(value):
        raise GraphQLError(
            f"Expected Iterable, but did not find one for field '{place.parent}.{place.name}'."
        )
    return [complete(item, place, one, (path, nth), run) for nth, one in enumerate(value)]


def thing(selection: Selection, place: Place, value: Any, path: Path, run: Run) -> dict[str, Any]:
    is_type_of = selection.type.is_type_of
    if is_type_of is not None and not is_type_of(value, NOBODY):
        raise GraphQLError(
            f"Expected value of type '{selection.type}' but got: {inspect(value)}.", place.nodes
        )
    return run.code.select[selection.number](value, path, run)


def selection_of(shape: OneOf, place: Place, value: Any, run: Run) -> Selection:
    name = shape.type_of(value)
    selection = shape.selections.get(name) if isinstance(name, str) else None
    if selection is None:
        raise _unknown(shape, place, value, name, run)
    return selection


def _unknown(shape: OneOf, place: Place, value: Any, name: Any, run: Run) -> GraphQLError:
    abstract, type_ = shape.name, run.schema.get_type(name) if isinstance(name, str) else None
    of = f"Abstract type '{abstract}'"
    if not isinstance(name, str):
        got = "" if name is None else f" with value {inspect(value)}, received '{inspect(name)}'"
        rest = (
            f". Either the '{abstract}' type should provide a 'resolve_type' function or each "
            "possible type should provide an 'is_type_of' function."
            if name is None
            else ", which is not a valid Object type name."
        )
        told = (
            f"{of} must resolve to an Object type at runtime for field "
            f"'{place.parent}.{place.name}'{got}{rest}"
        )
    elif type_ is None:
        told = f"{of} was resolved to a type '{name}' that does not exist inside the schema."
    elif not is_object_type(type_):
        told = f"{of} was resolved to a non-object type '{name}'."
    else:
        told = f"Runtime Object type '{type_}' is not a possible type for '{abstract}'."
    return GraphQLError(told, place.nodes)


def put(site: Site, value: Any, made: dict[str, Any], path: Path, run: Run) -> None:
    """What a source gave, into the answer of who waits for it."""
    own = (path, site.place.key)
    try:
        if isinstance(value, Refused):
            value = reveal(site.field, value)
        made[site.place.key] = complete(site.shape, site.place, value, own, run)
    except Nulled as nulled:
        run.null(own, site.strip, nulled.error)
    except GraphQLError as refused:
        run.null(own, site.strip, located(refused, site.place, own))


def carefully(selection: Selection, thing_: Any, path: Path, run: Run) -> dict[str, Any]:
    """A thing's answer field by field: each that fails fails for itself."""
    made: dict[str, Any] = {}
    sites: list[Site] = []
    for asked in selection.fields:
        place = asked.place
        match asked:
            case Typename():
                made[place.key] = selection.type.name
            case Site():
                made[place.key] = None
                sites.append(asked)
            case Attribute(_, attribute, shape):
                value = _tried(lambda name=attribute: getattr(thing_, name))  # type: ignore[misc]
                made[place.key] = complete(shape, place, value, (path, place.key), run)
            case Told(_, fn, shape):
                value = _tried(lambda fn=fn: fn(run.ctx, thing_))  # type: ignore[misc]
                made[place.key] = complete(shape, place, value, (path, place.key), run)
    for site in sites:
        run.waiting[site.number].append((thing_, made, path))
    return made


def _tried(get: Callable[[], Any]) -> Any:
    """The error in place of the value: completing it raises it."""
    try:
        return get()
    except Exception as error:
        return error
