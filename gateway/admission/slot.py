"""What an operation holds while it runs."""

from collections.abc import Callable


class Slot:
    """One that nobody counts: where there is no limit."""

    def leave(self, *, counts: bool = True, failed: bool = False) -> None:
        """The operation is over; `counts`: how long it took tells how busy we are.

        `failed`: an upstream did, which tells it less surely.
        """


FREE = Slot()


class Taken(Slot):
    """Given back once, however often it is left."""

    __slots__ = ("_give",)

    def __init__(self, give: Callable[[bool, bool], None]) -> None:
        self._give: Callable[[bool, bool], None] | None = give

    def leave(self, *, counts: bool = True, failed: bool = False) -> None:
        give, self._give = self._give, None
        if give is not None:
            give(counts, failed)
