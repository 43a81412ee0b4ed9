"""What a fake platform knows of attempts beside the attempts: keys, grants, pauses, its clock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.contracts.assessment import Rules
from services.contracts.events import ItemKey
from services.contracts.ids import AssessmentId, AttemptId, LearnerId
from services.contracts.supervising import Extra
from services.kit.clock import FakeClock
from tests.fakes.replies import Replies

BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOTHING = timedelta(0)


@dataclass
class Hall:
    """`credit` is time given back after pauses; `ended` when an attempt closed."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(BEGINS))
    keys: dict[AssessmentId, list[ItemKey]] = field(default_factory=dict)
    rules: dict[AssessmentId, Rules] = field(default_factory=dict)
    granted: dict[tuple[AssessmentId, LearnerId], Extra] = field(default_factory=dict)
    credit: defaultdict[AttemptId, timedelta] = field(
        default_factory=lambda: defaultdict(timedelta)
    )
    paused: dict[AttemptId, datetime] = field(default_factory=dict)
    ended: dict[AttemptId, datetime] = field(default_factory=dict)
    manual: defaultdict[AttemptId, dict[str, float]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    replies: Replies = field(default_factory=dict)

    def grant(self, assessment: AssessmentId, learner: LearnerId) -> Extra:
        return self.granted.get((assessment, learner), Extra([learner], NOTHING, 1.0, 0))

    def stood_still(self, attempt: AttemptId) -> timedelta:
        """Also of a pause that lasts."""
        since = self.paused.get(attempt)
        lasting = self.clock.now() - since if since else NOTHING
        return self.credit[attempt] + lasting
