"""The proof of a submit, made of words of the contract alone: both sides make it alike."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from services.contracts.assessment import Answer, Receipt
from services.contracts.ids import AttemptId

VERSION = 1


def receipt(
    attempt: AttemptId, accepted_at: datetime, answers: Iterable[Answer], of: int
) -> Receipt:
    """`of` is how many items there are; a cleared answer is none."""
    given = sorted(
        (answer for answer in answers if not answer.response.is_cleared),
        key=lambda answer: answer.item_id,
    )
    said = [[answer.item_id, answer.sequence, answer.response] for answer in given]
    proof = msgspec.json.encode([VERSION, attempt, _instant(accepted_at), said])
    return Receipt(sha256(proof).hexdigest(), accepted_at, len(given), of)


def _instant(at: datetime) -> str:
    """One text for one instant, whatever its zone and however round it is."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
