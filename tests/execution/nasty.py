"""A schema made to be nasty, bound as the contract is: its sources are a World."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from resolvers.context import Context, Knowing
from resolvers.following import Followed, Look
from resolvers.guards import Guard, Verdicts
from resolvers.platform import Silence
from schema.acting import command, subscribed
from schema.answering import BatchField
from schema.binding import batched, found, of, told
from schema.scalars import SCALARS as OURS
from services.contracts.errors import FORBIDDEN
from tests.execution.things import ARock, ASheep, AWolf, Made, Mood, Odd, Speck, mark_of
from tests.execution.world import World


def source(field: str) -> Any:
    async def answers(ctx: Context, parents: Sequence[Any]) -> Any:
        return await world_of(ctx).answer(field, parents, {})

    return answers


def steady(field: str) -> Any:
    """Never fails as a whole: whom guards refuse would fail with those who are asked beside them.

    Who they are is an executor's own affair.
    """

    async def answers(ctx: Context, parents: Sequence[Any]) -> Any:
        return await world_of(ctx).answer(field, parents, {}, may_fail=False)

    return answers


def saying(field: str) -> Any:
    """A source that is told all kinds of things."""

    async def answers(
        ctx: Context,
        parents: Sequence[Any],
        count: int = 3,
        word: str = "a",
        mood: Mood | None = None,
        odd: Odd | None = None,
        words: list[str] | None = None,
        ratio: float | None = None,
        inner: Inner | None = None,
    ) -> Any:
        args = {"count": count, "word": word, "mood": mood, "odd": odd}
        args |= {"words": words, "ratio": ratio, "inner": inner}
        return await world_of(ctx).answer(field, parents, args)

    return answers


def doing(field: str) -> Any:
    async def does(ctx: Context, **given: Any) -> Any:
        return await world_of(ctx).do(field, given)

    return does


def telling(field: str) -> Callable[[Context, Any], Any]:
    return lambda ctx, parent: world_of(ctx).tell(field, parent)


def world_of(ctx: Context) -> Any:
    return ctx.sources


async def read(ctx: Context, id_: str, told: None) -> Look:
    return Look([world_of(ctx).event("Subscription.met", id_)], told)


def begin(ctx: Context, id_: str) -> None:
    pass


EVENTS = Followed(lambda ctx, id_, news: Silence(), begin, read)


def _picky(ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
    return [FORBIDDEN if mark_of(one).endswith(("a", "7")) else None for one in parents]


PICKY = Guard("is picky", _picky)


@strawberry.input
class Inner:
    size: int = 2
    mood: Mood = Mood.CALM
    words: list[str | None] | None = strawberry.UNSET

    def __hash__(self) -> int:
        return hash(repr(self))


@strawberry.input
class HuntInput:
    name: str
    count: int = 2
    mood: Mood | None = strawberry.UNSET
    inner: Inner | None = strawberry.UNSET


@strawberry.interface
class Being:
    name: str
    nick: str | None
    tag: strawberry.ID
    age: int
    weight: float | None
    tame: bool
    mood: Mood
    moods: list[Mood | None]
    odd: Odd | None
    odds: list[Odd]
    born: datetime | None
    seen: datetime
    two_words: str | None
    ages: list[int]
    grid: list[list[list[int]]] | None
    gaps: list[list[list[int | None] | None] | None]
    friend: "Being | None"
    friends: "list[Being]"
    catch: "list[Prey | None] | None"
    dust: "Dust"
    dusts: "list[list[list[Dust]]] | None"
    call: str = told(telling("Being.call"))
    leader: "Being" = batched(source("Being.leader"), guards=[])
    herd: "list[Being | None] | None" = batched(steady("Being.herd"), guards=[PICKY])
    rank: int = batched(source("Being.rank"), guards=[])
    echo: str | None = batched(saying("Being.echo"), guards=[])


@strawberry.type
@of(AWolf)
class Wolf(Being):
    pack: "list[list[list[Wolf | None]]]"
    mate: "Wolf" = batched(source("Wolf.mate"), guards=[])
    cubs: "list[Wolf]" = batched(source("Wolf.cubs"), guards=[])


@strawberry.type
@of(ASheep)
class Sheep(Being):
    wool: int | None
    fear: "Wolf | None"
    keeper: "Wolf | None" = batched(steady("Sheep.keeper"), guards=[PICKY])


@strawberry.type
class Moth(Being):
    """Nobody's instances surely stand for it: Strawberry looks for its own."""

    lamp: "Dust | None" = batched(source("Moth.lamp"), guards=[])


class AMoth(Made, Moth): ...


@strawberry.type
@of(ARock)
class Rock:
    weight: float | None
    tag: strawberry.ID
    dust: "Dust"
    below: "Prey" = batched(source("Rock.below"), guards=[])


@strawberry.type
class Dust:
    """Whatever stands where it is asked for stands for it."""

    age: int
    name: str | None
    more: "Dust | None" = batched(source("Dust.more"), guards=[])
    cloud: "list[list[Dust]]" = batched(source("Dust.cloud"), guards=[])


Prey = Annotated[Sheep | Rock | Moth, strawberry.union("Prey")]


@strawberry.type
class Query:
    being: Being | None = found(BatchField(source("Query.being"), (), optional=True))
    wolf: Wolf | None = batched(source("Query.wolf"), guards=[])
    alpha: Wolf = batched(source("Query.alpha"), guards=[])
    beings: list[list[list[Being | None]]] | None = batched(source("Query.beings"), guards=[])
    prey: list[Prey] | None = batched(source("Query.prey"), guards=[])
    dust: Dust | None = batched(source("Query.dust"), guards=[])
    moods: list[Mood] | None = batched(source("Query.moods"), guards=[])
    echo: str | None = batched(saying("Query.echo"), guards=[])


@strawberry.type
class Mutation:
    hunt: Prey | None = command(doing("Mutation.hunt"), HuntInput, by="name", guards=[])
    breed: Wolf | None = command(doing("Mutation.breed"), HuntInput, by="name", guards=[])
    lead: Being = command(doing("Mutation.lead"), HuntInput, by="name", guards=[])
    count: list[list[int | None]] | None = command(
        doing("Mutation.count"), HuntInput, by="name", guards=[]
    )


@strawberry.type
class Subscription:
    met: Being = subscribed(EVENTS, by="id", guards=[])
    gone: Prey | None = subscribed(EVENTS, by="id", guards=[])


def print_odd(value: Any) -> Any:
    if value == "unprintable":
        raise ValueError("cannot be printed")
    return None if value == "nothing" else {"odd": str(value)}


def read_odd(value: Any) -> Odd:
    if not isinstance(value, str):
        raise ValueError("An Odd is a text.")
    return Odd(value)


SCALARS: dict[object, ScalarDefinition] = {
    Odd: strawberry.scalar(name="Odd", serialize=print_odd, parse_value=read_odd),
    datetime: OURS[datetime],
}


STRUCTS: dict[str, type[Made]] = {
    "Wolf": AWolf,
    "Sheep": ASheep,
    "Moth": AMoth,
    "Rock": ARock,
    "Dust": Speck,
}


def world(seed: str, evil: float) -> World:
    return World(nasty_schema(), STRUCTS, seed, evil)


@cache
def nasty_schema() -> GraphQLSchema:
    made = strawberry.Schema(
        Query, Mutation, Subscription, types=[Moth], config=StrawberryConfig(scalar_map=SCALARS)
    )
    core: GraphQLSchema = made._schema
    return core
