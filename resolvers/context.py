"""What one request knows: who asks, the time they have, and where answers come from."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import msgspec

from resolvers.ports import Sources
from resolvers.say import Say, in_english
from resolvers.sight import Sight
from services.contracts.errors import Refused
from services.contracts.ids import CourseId
from services.contracts.learning import Enrolment, Person, Role
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.consistency import Consistency
from services.kit.deadline import Deadline
from services.kit.once import Once
from services.kit.trail import Trail


class NotSignedIn(RuntimeError):
    """Code asked for the viewer of a request that brought none: a guard is missing."""


class Enrolments:
    """The courses a viewer takes or teaches, and as what."""

    def __init__(self, enrolments: Sequence[Enrolment]) -> None:
        self.all = list(enrolments)
        self._roles = {enrolment.course.id: enrolment.role for enrolment in enrolments}

    def includes(self, course: CourseId) -> bool:
        return course in self._roles

    def teaches(self, course: CourseId) -> bool:
        return self._roles.get(course) is Role.TEACHER

    def learns(self, course: CourseId) -> bool:
        return self._roles.get(course) is Role.LEARNER


class Fetched(Protocol):
    @property
    def value(self) -> Enrolments: ...


class Knowing(Protocol):
    """What guards judge by: who asks, and once it was fetched, what they take and teach."""

    @property
    def viewer(self) -> Viewer: ...

    @property
    def enrolments(self) -> Fetched: ...


class Has(msgspec.Struct, frozen=True):
    value: Enrolments


class Known(msgspec.Struct, frozen=True):
    """Where all that guards may ask for is at hand."""

    viewer: Viewer
    enrolments: Has


class Context(msgspec.Struct, frozen=True):
    """Made for one request, passed in, never changed; `loaders` belongs to the executor."""

    who: Viewer | None
    clock: Clock
    deadline: Deadline
    sources: Sources
    enrolments: Once[Enrolments]
    person: Once[Person | Refused]
    consistency: Consistency
    received_s: float | None
    """When the request came in, on the clock's monotonic scale."""
    renewed: Callable[[], "Context"]
    """A context for the next event of a subscription: the same viewer, a new budget of time."""
    sight: Sight = msgspec.field(default_factory=Sight)
    say: Say = in_english
    loaders: dict[Any, Any] = msgspec.field(default_factory=dict)
    trail: Trail | None = None
    """Where somebody wants to know what the answer was made of."""
    anew: bool = False
    """Nothing that is kept will do."""

    @property
    def viewer(self) -> Viewer:
        if self.who is None:
            raise NotSignedIn
        return self.who

    @property
    def caller(self) -> Caller:
        who, received_s = self.who, self.received_s
        return _caller(who, self.deadline, received_s, self.sight, self.trail, anew=self.anew)

    async def close(self) -> None:
        await self.enrolments.close()
        await self.person.close()


def context_for(
    who: Viewer | None,
    clock: Clock,
    budget_s: float,
    sources: Sources,
    consistency: Consistency,
    received_s: float | None = None,
    sight: Sight | None = None,
    say: Say = in_english,
    *,
    anew: bool = False,
) -> Context:
    """Of a request; what the viewer may do is fetched when it is needed, `anew` if so said."""
    seeing, deadline = sight or Sight(), Deadline.within(clock, budget_s)

    def caller() -> Caller:
        return _caller(who, deadline, received_s, seeing, anew=anew)

    async def enrolments() -> Enrolments:
        return Enrolments(await sources.courses.enrolments(caller()))

    async def person() -> Person | Refused:
        return await sources.people.me(caller())

    again = partial(context_for, who, clock, budget_s, sources, consistency, anew=True)

    # None of these functions knows the context: a circle would be left to the garbage collector.
    return Context(
        who,
        clock,
        deadline,
        sources,
        Once(enrolments),
        Once(person),
        consistency,
        received_s,
        renewed=partial(again, sight=seeing, say=say),
        sight=seeing,
        say=say,
    )


def until(ctx: Context, ends_s: float, *, anew: bool = False) -> Context:
    """The same, and as new, for one who waits until `ends_s` at most, on the monotonic scale."""
    if ends_s >= ctx.deadline.ends_s:
        return ctx
    left_s = ends_s - ctx.clock.monotonic_s()
    made = context_for(
        ctx.who,
        ctx.clock,
        left_s,
        ctx.sources,
        ctx.consistency,
        ctx.received_s,
        ctx.sight,
        ctx.say,
        anew=anew,
    )
    renewed = partial(_renewed_until, ctx.renewed, ends_s)
    return msgspec.structs.replace(made, renewed=renewed, trail=ctx.trail, anew=ctx.anew)


def _renewed_until(renewed: Callable[[], Context], ends_s: float) -> Context:
    return until(renewed(), ends_s, anew=True)


def _caller(
    who: Viewer | None,
    deadline: Deadline,
    received_s: float | None,
    sight: Sight,
    trail: Trail | None = None,
    *,
    anew: bool = False,
) -> Caller:
    if who is None:
        raise NotSignedIn
    return Caller(who, deadline, received_s, sight.now, trail, anew)
