"""The old side's sources, each of whose answers may be compared with the service's."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from flags.names import COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ, Capability
from gateway.shadow.shadow import Shadow
from resolvers.ports import Sources
from services.kit.caller import Caller

P = TypeVar("P")
Read = Callable[..., Awaitable[Any]]


def shadowed(legacy: Sources, shadow: Shadow) -> Sources:
    """Below what is kept: an answer that is kept costs no comparison. Writes are never doubled."""
    return replace(
        legacy,
        people=_compared(legacy.people, shadow, COURSE_READ, "people"),
        courses=_compared(legacy.courses, shadow, COURSE_READ, "courses"),
        progress=_compared(legacy.progress, shadow, PROGRESS_READ, "progress"),
        assessments=_compared(legacy.assessments, shadow, COURSE_READ, "assessments"),
        live_classes=_compared(legacy.live_classes, shadow, LIVE_CLASS_SCHEDULE, "live_classes"),
    )


def _compared(port: P, shadow: Shadow, capability: Capability, name: str) -> P:
    """It stands for `port`, which is called so among the sources of either side."""
    return cast(P, Shadowed(shadow, capability, name))


class Shadowed:
    """Has the methods of a port for reading.

    A method's first argument is the caller; where the next is a list, so is the answer.
    """

    def __init__(self, shadow: Shadow, capability: Capability, port: str) -> None:
        self._shadow = shadow
        self._capability = capability
        self._port = port

    def __getattr__(self, name: str) -> Read:
        asked = f"{self._port}.{name}"

        async def read(caller: Caller, *said: Any) -> Any:
            def ask(side: Sources, own: Caller) -> Awaitable[Any]:
                found: Awaitable[Any] = getattr(getattr(side, self._port), name)(own, *said)
                return found

            is_each = bool(said) and isinstance(said[0], Sequence)
            return await self._shadow.answer(self._capability, asked, caller, ask, is_each)

        # The next one who asks for it finds it without coming here.
        self.__dict__[name] = read
        return read
