"""Runs several actors a step at a time, in every order of their steps that makes a difference."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

TICKS = 12
"""Of the loop: more than any step takes to its next gate, or to where it waits for another."""


class Steps:
    """Whoever comes to a gate waits for their turn, and says what the step behind it touches."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[frozenset[str], asyncio.Future[None]]] = {}
        self._is_over = False

    @property
    def ready(self) -> dict[str, frozenset[str]]:
        return {actor: touches for actor, (touches, _) in sorted(self._waiting.items())}

    async def gate(self, actor: str, *touches: str) -> None:
        if self._is_over:
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # One actor may do two things at once: each has its own turns.
        while actor in self._waiting:
            actor += "+"
        self._waiting[actor] = frozenset(touches), turn
        await turn

    async def take(self, actor: str) -> None:
        """One step: up to the actor's next gate, or to where it waits for another."""
        self._waiting.pop(actor)[1].set_result(None)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(TICKS):
            await asyncio.sleep(0)

    def end(self) -> None:
        """From now on everybody walks."""
        self._is_over = True
        for _, turn in self._waiting.values():
            turn.set_result(None)
        self._waiting.clear()


@dataclass(slots=True)
class Node:
    """Whose turn it is; of `asleep` all that could come of their turn here is known."""

    ready: Mapping[str, frozenset[str]]
    asleep: set[str]
    turn: str = ""

    def turns(self) -> bool:
        """To the next whose turn tells something new, if there is one."""
        if self.turn:
            self.asleep.add(self.turn)
        free = [actor for actor in self.ready if actor not in self.asleep]
        self.turn = free[0] if free else ""
        return bool(free)

    def asleep_behind(self) -> set[str]:
        """Those whose turn would have come to the same before this one."""
        touched = self.ready[self.turn]
        return {one for one in self.asleep if not self.ready[one] & touched}


Ends = Callable[[], Awaitable[None]]


async def every_order(run: Callable[[Steps], Awaitable[Ends]]) -> AsyncIterator[list[str]]:
    """`run` starts actors, and gives what ends and judges them. Depth first, with sleep sets
    (Godefroid 1996): of orders that differ in steps which touch nothing in common, one.
    """
    nodes: list[Node] = []
    while True:
        steps = Steps()
        ends = await run(steps)
        await _follow(steps, nodes)
        await ends()
        yield [node.turn for node in nodes]
        while nodes and not nodes[-1].turns():
            nodes.pop()
        if not nodes:
            return


async def _follow(steps: Steps, nodes: list[Node]) -> None:
    await steps.settle()
    for node in nodes:
        await steps.take(node.turn)
    while ready := steps.ready:
        node = Node(ready, nodes[-1].asleep_behind() if nodes else set())
        if not node.turns():
            break
        nodes.append(node)
        await steps.take(node.turn)
    steps.end()
