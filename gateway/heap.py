"""Keeps the garbage collector from what stays for good, and from what is gone by itself."""

import gc

YOUNG = 2_000
"""So many objects more than were freed; by default 700, which some requests under way reach, while
all that a request makes is freed as it ends."""
FULL_EVERY = 3
"""Collections of what is younger: by default ten, and what they leave makes one of them longer."""


def settle() -> None:
    """Once all is loaded: a full collection of it would hold up the loop for some 70 ms."""
    gc.collect()
    gc.freeze()
    _, middle, _ = gc.get_threshold()
    gc.set_threshold(YOUNG, middle, FULL_EVERY)
