"""Whether a receipt is genuine: by what the log of the attempt says, and nothing newer."""

from collections.abc import Iterable, Iterator

import msgspec

from services.assessment.model.events import AttemptEvent, AttemptSubmitted
from services.assessment.model.evolve import evolve
from services.assessment.model.place import Place, place
from services.assessment.standing import Standing
from services.assessment.store import attempts
from services.assessment.views.asked import Asked
from services.assessment.views.known import known
from services.contracts.assessment import Receipt
from services.contracts.assessment_api import Proof, Verified
from services.contracts.errors import HIDDEN, Refused
from services.contracts.receipt import receipt

LOG = f"SELECT data::text AS said FROM attempt_events {attempts.WHERE} ORDER BY version"

_event: msgspec.json.Decoder[AttemptEvent] = msgspec.json.Decoder(AttemptEvent)


async def verify(asked: Asked, proof: Proof) -> Verified | Refused:
    where = place(asked.tenant, proof.attempt)
    if where is None or not await _may_ask(asked, where):
        return HIDDEN
    log = await events(asked, where)
    found = next((one for one in receipts(log) if one.hash == proof.hash), None)
    if found is None:
        return Verified(genuine=False)
    return Verified(True, found.accepted_at.isoformat(), found.answered, found.of)


async def events(asked: Asked, where: Place) -> list[AttemptEvent]:
    rows = await asked.db.fetch(LOG, *attempts.key(where))
    return [_event.decode(row["said"]) for row in rows]


def receipts(log: Iterable[AttemptEvent]) -> Iterator[Receipt]:
    """Made anew of each time it was handed in."""
    attempt = None
    for event in log:
        attempt = evolve(attempt, event)
        if isinstance(event, AttemptSubmitted):
            given = attempt.answers.values()
            yield receipt(attempt.place.id, event.submitted_at, given, event.receipt.of)


async def _may_ask(asked: Asked, where: Place) -> bool:
    """Whose attempt it is, or whoever watches over it."""
    found = (await known(asked, [where.assessment])).get(where.assessment)
    return found is not None and _is_theirs(asked, where, found.standing)


def _is_theirs(asked: Asked, where: Place, standing: Standing) -> bool:
    if where.user == asked.user:
        return standing.takes_part
    return standing.supervises and not where.preview
