"""What a setting's text means."""

from enum import StrEnum
from typing import Any


def parsed(wanted: Any, text: str) -> Any:
    """Raises ValueError where the text is none of the kind that is wanted."""
    return _flag(text) if wanted is bool else wanted(text)


def form_of(wanted: Any) -> str:
    if issubclass(wanted, StrEnum):
        return "one of " + ", ".join(wanted)
    return {int: "a whole number", float: "a number", bool: "yes or no"}.get(wanted, "readable")


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(text)
