"""What an attempt has for answers: those that the item takes, or any that were kept."""

from collections.abc import Mapping
from typing import Any, TypeVar

from services.assessment.model.answers import is_answer
from services.assessment.replay.archive import AttemptLine
from services.assessment.replay.known import Known
from services.contracts.assessment import Item, ItemKind, Response

T = TypeVar("T")

NO_CHOICE = "\0"
"""No item has a choice of this name."""


def taken(line: AttemptLine, known: Known) -> dict[str, Response]:
    """Those of the form that the item takes."""
    return {
        item: response
        for item, response in line.answers.items()
        if item in known.items and is_answer(known.items[item], response)
    }


def made_out(line: AttemptLine, known: Known) -> dict[str, Response]:
    """All, as far as the monolith makes anything out of them."""
    odd = {item: _made_out(known.items[item], kept) for item, kept in _asked(line.odd, known)}
    return dict(_asked(line.answers, known)) | odd


def _asked(said: Mapping[str, T], known: Known) -> list[tuple[str, T]]:
    return [(item, one) for item, one in said.items() if item in known.items]


def _made_out(item: Item, kept: Any) -> Response:
    """Lists are read as far as they are text; anything else is as good as no answer."""
    if item.kind is ItemKind.MULTIPLE_CHOICE and isinstance(kept, list):
        return Response(choices=[one for one in kept if isinstance(one, str)])
    if item.kind is ItemKind.ORDERING and isinstance(kept, list):
        return Response(choices=[one if isinstance(one, str) else NO_CHOICE for one in kept])
    return Response()
