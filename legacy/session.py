"""Cookie sessions at the monolith, one a viewer: signed in once, however many callers wait."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from services.contracts.viewer import Viewer
from services.kit.once import flight

Owner = tuple[str, str]
SignIn = Callable[[Viewer], Coroutine[Any, Any, str]]


class Sessions:
    """Keeps the cookies of the `most` viewers seen last.

    A sign-in is a task of its own: the caller who began it may leave, the others still get in.
    """

    def __init__(self, sign_in: SignIn, most: int = 50_000) -> None:
        self._sign_in = sign_in
        self._most = most
        self._kept: OrderedDict[Owner, asyncio.Task[str]] = OrderedDict()

    def kept(self, viewer: Viewer) -> str | None:
        """The viewer's cookie where there is one already."""
        owner = _owner(viewer)
        task = self._kept.get(owner)
        if task is None or not task.done() or _failed(task):
            return None
        self._kept.move_to_end(owner)
        return task.result()

    async def cookie(self, viewer: Viewer) -> str:
        """The viewer's cookie, after signing them in where there is none."""
        owner = _owner(viewer)
        task = self._kept.get(owner)
        if task is None or _failed(task):
            task = flight(self._sign_in(viewer), "legacy sign-in")
            self._kept[owner] = task
            self._forget_oldest()
        self._kept.move_to_end(owner)
        return await asyncio.shield(task)

    def drop(self, viewer: Viewer, cookie: str) -> None:
        """Forgets a cookie that died; one that came in its place meanwhile is kept."""
        if self.kept(viewer) == cookie:
            del self._kept[_owner(viewer)]

    def _forget_oldest(self) -> None:
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    async def close(self) -> None:
        for task in self._kept.values():
            task.cancel()
        await asyncio.gather(*self._kept.values(), return_exceptions=True)


def _owner(viewer: Viewer) -> Owner:
    return (viewer.tenant, viewer.user)


def _failed(task: asyncio.Task[str]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
