"""Answers both ways: the monolith's bare values, and the contract's responses."""

from collections.abc import Mapping, Sequence
from math import isfinite

import msgspec

from legacy import wire
from legacy.client import LegacyRefusal
from services.contracts.assessment import Given, Response
from services.contracts.errors import ErrorCode, Refused

FIELDS = {
    "single": "choices",
    "multiple": "choices",
    "number": "number",
    "text": "text",
    "order": "choices",
}
WRONG = Refused(ErrorCode.INVALID, "This is no answer to an item of this assessment.")


def response(question: wire.Question, kept: object) -> Response:
    """Raises ValueError for what is no answer: the monolith keeps all (ANY_ANSWER_IS_KEPT)."""
    if kept is None:
        return Response()
    said = [kept] if question.type == "single" else kept
    return msgspec.convert({FIELDS[question.type]: said}, Response)


def values(questions: Sequence[wire.Question], answers: Sequence[Given]) -> dict[str, object]:
    """As the monolith wants them, of two to one item the newer; raises LegacyRefusal for what it
    would drop or misjudge."""
    asked = {question.id: question for question in questions}
    if not all(answer.item_id in asked for answer in answers):
        raise LegacyRefusal(WRONG)
    in_order = sorted(answers, key=lambda answer: answer.sequence)
    return {answer.item_id: _value(asked[answer.item_id], answer.response) for answer in in_order}


def holds(kept: Mapping[str, object], sent: Mapping[str, object]) -> bool:
    """Whether all that was sent is there; what was never answered is as good as cleared."""
    return all(kept.get(question) == value for question, value in sent.items())


def _value(question: wire.Question, given: Response) -> object:
    """A question that has no answer any more is answered by null."""
    said: dict[str, object] = msgspec.to_builtins(given)
    if not said:
        return None
    if said.keys() != {FIELDS[question.type]}:
        raise LegacyRefusal(WRONG)
    return _checked(question, said.popitem()[1])


def _checked(question: wire.Question, said: object) -> object:
    if isinstance(said, float) and not isfinite(said):
        raise LegacyRefusal(WRONG)
    if not isinstance(said, list):
        return said
    if not set(said) <= {choice["id"] for choice in question.choices}:
        raise LegacyRefusal(WRONG)
    return _alone(said) if question.type == "single" else said


def _alone(said: list[str]) -> str:
    if len(said) != 1:
        raise LegacyRefusal(WRONG)
    return said[0]
