"""Keeps the garbage collector from what stays for good."""

import gc


def settle() -> None:
    """Once all is loaded: a full collection of it would hold up the loop for some 70 ms."""
    gc.collect()
    gc.freeze()
