"""What one request knows: who asks, the time they have, and where answers come from."""

from collections.abc import Callable, Sequence
from typing import Any

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

    @property
    def viewer(self) -> Viewer:
        if self.who is None:
            raise NotSignedIn
        return self.who

    @property
    def caller(self) -> Caller:
        return _caller(self.who, self.deadline, self.received_s, self.sight)

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
) -> Context:
    """A request's context; what it knows of the viewer is fetched when it is first needed."""
    seeing, deadline = sight or Sight(), Deadline.within(clock, budget_s)

    def caller() -> Caller:
        return _caller(who, deadline, received_s, seeing)

    async def enrolments() -> Enrolments:
        return Enrolments(await sources.courses.enrolments(caller()))

    async def person() -> Person | Refused:
        return await sources.people.me(caller())

    def renewed() -> Context:
        return context_for(who, clock, budget_s, sources, consistency, sight=seeing, say=say)

    # None of these functions knows the context: a circle would be left to the garbage collector.
    return Context(
        who=who,
        clock=clock,
        deadline=deadline,
        sources=sources,
        enrolments=Once(enrolments),
        person=Once(person),
        consistency=consistency,
        received_s=received_s,
        renewed=renewed,
        sight=seeing,
        say=say,
    )


def _caller(
    who: Viewer | None, deadline: Deadline, received_s: float | None, sight: Sight
) -> Caller:
    if who is None:
        raise NotSignedIn
    return Caller(who, deadline, received_s, sight.now)
