"""What an attempt is judged by: one version of an assessment, and the rules it has by now."""

from datetime import datetime, timedelta

import msgspec

from services.contracts.assessment import AssessmentKind, AtEnd, Item, Rules
from services.contracts.events import ItemKey


class Regrade(msgspec.Struct, frozen=True):
    """That an item's right answer is another; `version` was the assessment's when that was said."""

    id: int
    item: str
    before: ItemKey
    after: ItemKey
    version: int
    by: int
    reason: str


class Definition(msgspec.Struct, frozen=True):
    """All but `rules` and `regrades` stays as it was when the attempt began.

    `regrades` are the assessment's, in the order of their ids.
    """

    assessment: int
    course: int
    version: int
    kind: AssessmentKind
    opens_at: datetime | None
    closes_at: datetime | None
    time_limit: timedelta | None
    grace: timedelta
    attempts_allowed: int | None
    items: list[Item]
    keys: list[ItemKey]
    rules: Rules
    regrades: list[Regrade] = []

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.id == name), None)


def default_rules(kind: AssessmentKind) -> Rules:
    """Work may be handed in late, for good; tests end when they end."""
    if kind is AssessmentKind.ASSIGNMENT:
        return Rules(AtEnd.STAY_OPEN, late_for_s=None)
    return Rules(AtEnd.SUBMIT, late_for_s=0)
