"""One question that either side can be asked, by the gateway itself on a viewer's behalf."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from flags.compare import Comparison, compare, compare_each
from flags.names import Capability
from resolvers.ports import Sources
from services.contracts.viewer import Viewer
from services.kit.caller import Caller

A = TypeVar("A")
Ask: TypeAlias = Callable[[Sources, Caller], Awaitable[A]]


class Named(Protocol):
    """What is compared, as it is counted."""

    @property
    def capability(self) -> Capability: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """`is_each`: it is answered by one item for each thing that was asked for."""

    capability: Capability
    name: str
    viewer: Viewer
    ask: Ask[Any]
    is_each: bool = True

    def compare(self, old: Any, new: Any) -> Comparison:
        return (compare_each if self.is_each else compare)(self.name, old, new)

    def is_same(self, before: Any, now: Any) -> bool:
        """Whether one side says of it twice the same."""
        there, back = self.compare(before, now), self.compare(now, before)
        return not there.differences and not back.differences
