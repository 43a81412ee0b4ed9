"""Decides for a viewer which side answers each capability: once a request, then it is frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flags.names import Capability, Side


@dataclass(frozen=True, slots=True)
class Decision:
    """`rule` is what decided, as a sentence's first half: "northfield is at 30 %"."""

    side: Side
    rule: str


class Decisions(Mapping[Capability, Decision]):
    """Every capability's side for one viewer; whatever happens to the flags, it stays the same."""

    __slots__ = ("_decisions",)

    def __init__(self, decisions: Mapping[Capability, Decision]) -> None:
        self._decisions = dict(decisions)

    def __getitem__(self, capability: Capability) -> Decision:
        return self._decisions[capability]

    def __iter__(self) -> Iterator[Capability]:
        return iter(self._decisions)

    def __len__(self) -> int:
        return len(self._decisions)

    def side(self, capability: Capability) -> Side:
        return self._decisions[capability].side
