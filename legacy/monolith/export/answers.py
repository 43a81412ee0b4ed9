"""Tells answers by what they say; what is of no form that its question takes is told apart."""

import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from legacy.monolith.scoring import LARGEST
from legacy.monolith.shapes import Question

Told = dict[str, Any]


def told(answers: Mapping[str, Any], asked: Mapping[str, Question]) -> tuple[Told, Told]:
    """Those that can be told, and the odd ones as they were kept."""
    readable: Told = {}
    odd: Told = {}
    for name, kept in answers.items():
        said = TOLD[asked[name]["type"]](kept) if name in asked else None
        if said is not None:
            readable[name] = said
        elif kept is not None:
            odd[name] = _without_infinity(kept)
    return readable, odd


def _without_infinity(kept: Any) -> Any:
    """JSON has no word for it."""
    return json.loads(json.dumps(kept), parse_constant=str)


def _single(kept: Any) -> Told | None:
    return {"choices": [kept]} if isinstance(kept, str) else None


def _several(kept: Any) -> Told | None:
    is_list = isinstance(kept, list) and all(isinstance(one, str) for one in kept)
    return {"choices": kept} if is_list else None


def _number(kept: Any) -> Told | None:
    if isinstance(kept, bool) or not isinstance(kept, int | float) or not abs(kept) <= LARGEST:
        return None
    return {"number": kept} if isfinite(kept) else None


def _text(kept: Any) -> Told | None:
    return {"text": kept} if isinstance(kept, str) else None


TOLD: dict[str, Callable[[Any], Told | None]] = {
    "single": _single,
    "multiple": _several,
    "order": _several,
    "number": _number,
    "text": _text,
}
