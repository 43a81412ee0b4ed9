"""Decides for a viewer which side answers each capability: once a request, then it is frozen."""

from collections.abc import Iterator, Mapping

import msgspec

from flags.names import Capability, Side


class Decision(msgspec.Struct, frozen=True):
    """`rule` is what decided, as a sentence's first half: "northfield is at 30 %".

    `shadow`: the service is asked too, and what it says is compared and told to nobody.
    """

    side: Side
    rule: str
    shadow: bool = False


class Decisions(Mapping[Capability, Decision]):
    """Every capability's side for one viewer; whatever happens to the flags, it stays the same."""

    __slots__ = ("_decisions", "sides")

    def __init__(self, decisions: Mapping[Capability, Decision]) -> None:
        self._decisions = dict(decisions)
        self.sides = " ".join(f"{one.name}={said.side}" for one, said in decisions.items())
        """As one text: viewers of one tenant with the same are told the same."""

    def __getitem__(self, capability: Capability) -> Decision:
        return self._decisions[capability]

    def __iter__(self) -> Iterator[Capability]:
        return iter(self._decisions)

    def __len__(self) -> int:
        return len(self._decisions)

    def told(self) -> str:
        """Each side with its reason."""
        return "; ".join(f"{one.name} {said.side}: {said.rule}" for one, said in self.items())

    def side(self, capability: Capability) -> Side:
        return self._decisions[capability].side

    def shadows(self, capability: Capability) -> bool:
        return self._decisions[capability].shadow
