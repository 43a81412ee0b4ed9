"""Who was let in, and goes on: once, they come before those who were not let in yet.

What is begun is worth something when it is finished: a door that lets in thousands by halves has
tickets to give, and nobody in the class (session-based admission, Cherkasova and Phaal 2002).
"""

from collections import OrderedDict

from gateway.admission.shares import Party

MOST = 10_000


class GoingOn:
    """Every second time: whoever asks again and again does not keep the others out."""

    def __init__(self) -> None:
        self._next: OrderedDict[Party, None] = OrderedDict()

    def let_in(self, party: Party) -> None:
        if party in self._next:
            del self._next[party]
            return
        self._next[party] = None
        if len(self._next) > MOST:
            self._next.popitem(last=False)

    def comes_first(self, party: Party) -> bool:
        return party in self._next
