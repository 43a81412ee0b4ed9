"""What an attempt is worth by the scorer it keeps, by what humans gave, and for being late."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Definition, Regrade
from services.assessment.model.keys import keys_after
from services.assessment.scoring import as_monolith, exact
from services.assessment.scoring.exact import decimal, rounded
from services.assessment.scoring.scored import Scored
from services.contracts.assessment import Score

HUNDRED = Decimal(100)


def scored(
    attempt: Attempt,
    definition: Definition,
    regrades: Iterable[Regrade],
    manual: Mapping[str, float],
) -> Scored:
    """By the right answers as these regrades left them."""
    answers = {item: answer.response for item, answer in attempt.answers.items()}
    keys = keys_after(definition, regrades)
    score = exact.score if attempt.decimal else as_monolith.score
    return score(definition.items, keys, answers, manual)


def score_of(attempt: Attempt, found: Scored, regraded_from: float | None) -> Score:
    """What is taken off for being late is never more than there is."""
    forfeit = exact.EXACT.multiply(decimal(found.max), decimal(attempt.forfeit))
    return Score(
        raw=found.raw,
        max=found.max,
        late=attempt.late,
        penalty=min(found.raw, float(rounded(exact.EXACT.divide(forfeit, HUNDRED)))),
        provisional=bool(found.waiting),
        regraded_from=regraded_from,
    )
