"""Who was let in, and goes on: once, they come before those who were not let in yet.

What is begun is worth something when it is finished: a door that lets in thousands by halves gives
them tickets, and has nobody in the class (session-based admission, Cherkasova and Phaal 2002).
"""

from collections import OrderedDict

from gateway.admission.shares import Party

MOST = 10_000


class GoingOn:
    """Having come first they have had their turn: who asks on and on keeps nobody out."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, None] = OrderedDict()
        """By their hash: that two might have one is no harm. Let in last stands last."""

    def knows(self, party: Party) -> bool:
        return hash(party) in self._known

    def let_in(self, party: Party, *, came_first: bool) -> None:
        key = hash(party)
        if came_first:
            self._known.pop(key, None)
            return
        self._known[key] = None
        self._known.move_to_end(key)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
