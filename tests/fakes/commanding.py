"""What all commands to attempts of a fake platform share: keys, who may, marks."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from msgspec.structs import replace

from services.contracts.assessment import Attempt, AttemptAccepted, AttemptConflict, AttemptState
from services.contracts.errors import FORBIDDEN, HIDDEN, ErrorCode, Refused
from services.contracts.ids import CourseId
from services.contracts.learning import Role
from services.kit.caller import Caller
from tests.fakes.marking import mark
from tests.fakes.platform import owner_of
from tests.fakes.reading import FakeReading
from tests.fakes.replies import once

T = TypeVar("T")
Outcome: TypeAlias = AttemptAccepted | AttemptConflict | Refused


class FakeCommanding(FakeReading):
    def once(
        self, caller: Caller, key: str, said: tuple[object, ...], do: Callable[[], T | Refused]
    ) -> T | Refused:
        self.platform.calls[f"attempts.{said[0]}"] += 1
        return once(self.platform.hall.replies, caller, key, said, do)

    def accepted(self, attempt: Attempt) -> AttemptAccepted:
        """Keeps the attempt as it is from now on."""
        changed = replace(attempt, version=attempt.version + 1)
        self.platform.attempts[attempt.id] = changed
        return AttemptAccepted(self.shown(changed))

    def repeated(self, attempt: Attempt) -> AttemptAccepted:
        return AttemptAccepted(self.shown(attempt), duplicate=True)

    def conflict(self, code: ErrorCode, attempt: Attempt) -> AttemptConflict:
        return AttemptConflict(code, "Not as this attempt is by now.", self.shown(attempt))

    def marked(self, attempt: Attempt, late: bool) -> Attempt:
        items = self.platform.items[attempt.assessment_id]
        keys = self.platform.hall.keys.get(attempt.assessment_id, [])
        manual = self.platform.hall.manual[attempt.id]
        found = mark(items, keys, attempt.answers, manual, late)
        answers = [replace(one, points=found.points[one.item_id]) for one in attempt.answers]
        state = AttemptState.PENDING_REVIEW if found.waits else AttemptState.GRADED
        return replace(attempt, state=state, score=found.score, answers=answers)

    def takes(self, caller: Caller, course: CourseId) -> bool:
        takers = self.platform.enrolled.get(course, {})
        return owner_of(caller.viewer) in takers or caller.viewer.has(Role.OPERATOR)

    def teaches(self, caller: Caller, course: CourseId) -> bool:
        takers = self.platform.enrolled.get(course, {})
        is_teacher = takers.get(owner_of(caller.viewer)) is Role.TEACHER
        return is_teacher or caller.viewer.has(Role.OPERATOR)

    def why_not_staff(
        self, caller: Caller, course: CourseId, *, proctors: bool = False
    ) -> Refused | None:
        if self.teaches(caller, course) or (proctors and caller.viewer.has(Role.PROCTOR)):
            return None
        return FORBIDDEN if self.takes(caller, course) else HIDDEN
