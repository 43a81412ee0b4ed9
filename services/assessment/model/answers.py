"""Answers on their way in: whether they have the right form, and which of them are new."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from services.assessment.model.definition import Definition
from services.contracts.assessment import Answer, Given, Item, ItemKind, Response
from services.contracts.errors import ErrorCode, Refused

NO_ANSWER = Refused(ErrorCode.INVALID, "This is no answer to an item of this assessment.")
GREATEST_SEQUENCE = 2**63 - 1
FIELDS = {
    ItemKind.SINGLE_CHOICE: "choices",
    ItemKind.MULTIPLE_CHOICE: "choices",
    ItemKind.ORDERING: "choices",
    ItemKind.NUMERIC: "number",
    ItemKind.TEXT: "text",
}


def are_answers(definition: Definition, given: Iterable[Given]) -> bool:
    items = {item.id: item for item in definition.items}
    return all(
        one.item_id in items
        and 0 <= one.sequence <= GREATEST_SEQUENCE
        and is_answer(items[one.item_id], one.response)
        for one in given
    )


def is_answer(item: Item, said: Response) -> bool:
    """Whether it has the form of the item's kind, and names its choices alone."""
    if said.is_cleared:
        return True
    if _other_fields(said) or getattr(said, FIELDS[item.kind]) is None:
        return False
    if said.text is not None:
        return "\0" not in said.text
    if said.number is not None:
        return isfinite(said.number)
    chosen = said.choices or []
    is_one = item.kind is not ItemKind.SINGLE_CHOICE or len(chosen) == 1
    return is_one and set(chosen) <= {choice.id for choice in item.choices}


def newer(known: Mapping[str, Answer], given: Sequence[Given]) -> list[Given] | None:
    """The newest of each item that are not there yet.

    None where one of them has a sequence that has said something else.
    """
    new: dict[str, Given] = {}
    for one in _newest(given):
        before = new.get(one.item_id) or known.get(one.item_id)
        if before is None or one.sequence > before.sequence:
            new[one.item_id] = one
        elif one.sequence == before.sequence and one.response != before.response:
            return None
    return list(new.values())


def _newest(given: Sequence[Given]) -> list[Given]:
    """Of each item those with its greatest sequence: one, or several that may contradict."""
    greatest: dict[str, int] = {}
    for one in given:
        greatest[one.item_id] = max(one.sequence, greatest.get(one.item_id, 0))
    return [one for one in given if one.sequence == greatest[one.item_id]]


def _other_fields(said: Response) -> bool:
    """Whether more than one is set."""
    return (said.choices, said.text, said.number).count(None) < 2
