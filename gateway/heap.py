"""Keeps the garbage collector from what stays for good, and lets it come often for the rest."""

import gc

FULL_EVERY = 3
"""Collections of what is younger: by default ten, and what they leave makes one of them longer."""


def settle() -> None:
    """Once all is loaded: a full collection of it would hold up the loop for some 70 ms."""
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_EVERY)
