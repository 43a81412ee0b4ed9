"""The model alone, with its attempts in memory and a clock that tests move."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from services.assessment.model import events as said
from services.assessment.model import grade, grant, pause, regrade, reopen, sweep
from services.assessment.model import save as saving
from services.assessment.model import start as starting
from services.assessment.model import submit as submitting
from services.assessment.model import void as voiding
from services.assessment.model.accommodation import Accommodation
from services.assessment.model.act import Act
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Conflict, Decision, Duplicate
from services.assessment.model.definition import Definition, Regrade
from services.assessment.model.evolve import fold
from services.assessment.model.moment import Moment, moment
from services.assessment.model.place import Place, place
from services.assessment.model.prior import Prior, prior
from services.assessment.model.rules import check_rules
from services.assessment.model.shown import shown
from services.contracts import assessment as words
from services.contracts.assessment import AttemptState, Given, Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.events import PastAttempt
from services.kit.clock import FakeClock
from tests.unit.services.assessment.subject import (
    BEGINS,
    LEARNERS,
    TEACHER,
    TENANT,
    Action,
    Told,
    Verdict,
)

EVENTS = msgspec.json.Decoder(list[said.AttemptEvent])
DONE = Told(Verdict.ACCEPTED)
HIDDEN = Told(Verdict.REFUSED, ErrorCode.NOT_FOUND)
"""A preview is its owner's to try the assessment with: nobody supervises or regrades it."""


class InMemory:
    """A subject: see there."""

    def __init__(self, definition: Definition) -> None:
        self._clock = FakeClock(BEGINS)
        self._rules = definition.rules
        self._versions = {definition.version: definition}
        self._newest = definition.version
        self._regrades: list[Regrade] = []
        self._accommodations: defaultdict[int, Accommodation] = defaultdict(Accommodation)
        self._past: dict[int, Sequence[PastAttempt]] = {}
        self._attempts: dict[Place, Attempt] = {}
        self._log: defaultdict[Place, list[said.AttemptEvent]] = defaultdict(list)

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        self._clock.advance(seconds)

    def publish(self, definition: Definition) -> None:
        self._versions[definition.version] = definition
        self._newest = definition.version

    def mirror(self, user: int, past: Sequence[PastAttempt]) -> None:
        self._past[user] = past

    def sweep(self) -> None:
        for attempt in list(self._attempts.values()):
            self._keep(sweep.sweep(attempt, self.definition_of(attempt), self.now()))
        for attempt in [one for one in self._attempts.values() if not one.place.preview]:
            self._keep(regrade.regrade(attempt, self.definition_of(attempt), self.now()))
        for user in LEARNERS:
            ahead = starting.prepare(
                self._starter(user, True), self.definition(), self._prior(user), self.now()
            )
            self._keep(ahead) if ahead else None

    def start(self, user: int, decimal: bool, waited_s: float) -> Told:
        who, when = self._starter(user, decimal), self._moment(waited_s)
        return self._told(starting.start(who, self.definition(), self._prior(user), when))

    def save(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        found, when = self._found(attempt), self._moment(waited_s)
        return self._told(saving.save(found, self.definition_of(found), answers, when, expected))

    def submit(
        self, attempt: str, answers: Sequence[Given], waited_s: float, expected: int | None
    ) -> Told:
        found, when = self._found(attempt), self._moment(waited_s)
        return self._told(
            submitting.submit(found, self.definition_of(found), answers, when, expected)
        )

    def act(self, action: Action, attempt: str, reason: str) -> Told:
        if self._found(attempt).place.preview:
            return HIDDEN
        found, act = self._found(attempt), Act(TEACHER, reason, self.now())
        definition = self.definition_of(found)
        match action:
            case "pause":
                return self._told(pause.pause(found, definition, act))
            case "resume":
                return self._told(pause.resume(found, act))
            case "void":
                return self._told(voiding.void(found, definition, act))
            case "reopen":
                return self._told(self._reopened(found, definition, act))

    def grade_item(self, attempt: str, item: str, points: float) -> Told:
        found = self._found(attempt)
        if found.place.preview:
            return HIDDEN
        definition, now = self.definition_of(found), self.now()
        return self._told(grade.grade_item(found, definition, item, points, None, TEACHER, now))

    def grant(self, users: Sequence[int], given: Accommodation, reason: str) -> Told:
        act = Act(TEACHER, reason, self.now())
        for user in users:
            after = grant.granted(self._accommodations[user], given, reason)
            if isinstance(after, Refused):
                return Told(Verdict.REFUSED, after.code)
            self._accommodations[user] = after
            for attempt in self._of_user(user):
                self._keep(grant.extend(attempt, self.definition_of(attempt), after, act))
        return DONE

    def regrade(self, item: str, correct: Response, reason: str) -> Told:
        definition = self.definition()
        found = regrade.new_key(definition, item, correct, reason)
        if isinstance(found, Refused):
            return Told(Verdict.REFUSED, found.code)
        own = len(self._regrades) + 1
        new = Regrade(own, item, found.before, found.after, definition.version, TEACHER, reason)
        self._regrades.append(new)
        return DONE

    def set_rules(self, rules: Rules) -> Told:
        if wrong := check_rules(rules):
            return Told(Verdict.REFUSED, wrong.code)
        self._rules = rules
        return DONE

    def attempts(self, user: int) -> list[words.Attempt]:
        begun = [
            attempt
            for attempt in self._of_user(user)
            if attempt.state is not AttemptState.NOT_STARTED
        ]
        now = self.now()
        ordered = sorted(begun, key=lambda attempt: attempt.place.number)
        return [shown(attempt, self.definition_of(attempt), now) for attempt in ordered]

    def audit(self) -> None:
        """Events are read back from what is written of them."""
        for at, attempt in self._attempts.items():
            assert fold(EVENTS.decode(msgspec.json.encode(self._log[at]))) == attempt

    def _reopened(self, attempt: Attempt, definition: Definition, act: Act) -> Decision:
        user, others = attempt.place.user, self._of_user(attempt.place.user)
        is_other_open = any(one.is_open for one in others if one.place != attempt.place)
        extra = self._accommodations[user]
        return reopen.reopen(attempt, definition, extra, act, is_other_open)

    def _starter(self, user: int, decimal: bool) -> starting.Starter:
        extra = self._accommodations[user]
        return starting.Starter(TENANT, user, extra, preview=user == TEACHER, decimal=decimal)

    def _prior(self, user: int) -> Prior:
        return prior(self._of_user(user), self._past.get(user, ()), preview=user == TEACHER)

    def _of_user(self, user: int) -> Iterator[Attempt]:
        return iter([one for at, one in self._attempts.items() if at.user == user])

    def _found(self, local: str) -> Attempt:
        named = place(TENANT, local)
        assert named is not None
        return self._attempts[named]

    def definition(self, version: int | None = None) -> Definition:
        found = self._versions[version or self._newest]
        return replace(found, rules=self._rules, regrades=list(self._regrades))

    def definition_of(self, attempt: Attempt) -> Definition:
        return self.definition(attempt.definition_version)

    def _moment(self, waited_s: float) -> Moment:
        return moment(self.now(), timedelta(seconds=waited_s))

    def _keep(self, decision: Decision) -> None:
        if isinstance(decision, Changed):
            at = decision.attempt.place
            self._attempts[at] = decision.attempt
            self._log[at] += decision.events

    def _told(self, decision: Decision) -> Told:
        self._keep(decision)
        match decision:
            case Refused(code=code):
                return Told(Verdict.REFUSED, code)
            case Conflict(code=code):
                return Told(Verdict.CONFLICT, code, self._view(decision.attempt))
            case Duplicate():
                return Told(Verdict.DUPLICATE, None, self._view(decision.attempt))
            case Changed():
                return Told(Verdict.ACCEPTED, None, self._view(decision.attempt))

    def _view(self, attempt: Attempt) -> words.Attempt:
        return shown(attempt, self.definition_of(attempt), self.now())
