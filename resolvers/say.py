"""How a sentence of ours is told to whoever asked: in their language, where we have it."""

from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], str]
"""An English sentence in; out comes what is shown."""


def in_english(sentence: str) -> str:
    return sentence
