"""Keeps the garbage collector from what stays for good, and from what is gone by itself."""

import gc

YOUNG = 5_000
"""So many objects more than were freed: what is under way at once is some thousands, and a request
leaves none that is not freed as it ends."""
MIDDLE = 5
FULL_EVERY = 3
"""Collections of what is younger: by default ten, and what they leave makes one of them longer."""


def settle() -> None:
    """Once all is loaded: a full collection of it would hold up the loop for some 70 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, FULL_EVERY)
