"""Somebody who takes quizzes: starts, saves answers to items of five kinds, and hands in."""

from collections.abc import Sequence
from typing import Any

from bench.way_in import Done, Door
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import Kind, TenantId, UserId, encode
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

RESULT = """{ __typename
  ... on AttemptAccepted { duplicate attempt {
    id state version savedAt window { endsAt serverNow } score { raw max } receipt { hash } } }
  ... on AttemptConflict { code message retryable retryAfterMs }
  ... on Refused { code message retryable retryAfterMs } }"""
START = f"""mutation Start($assessment: ID!, $key: ID!) {{
  startAttempt(input: {{ assessmentId: $assessment, key: $key }}) {RESULT} }}"""
SAVE = f"""mutation Save($attempt: ID!, $answers: [AnswerInput!]!, $key: ID!) {{
  saveAnswers(input: {{ attemptId: $attempt, answers: $answers, key: $key }}) {RESULT} }}"""
SUBMIT = f"""mutation Submit($attempt: ID!, $answers: [AnswerInput!], $key: ID!) {{
  submitAttempt(input: {{ attemptId: $attempt, answers: $answers, key: $key }}) {RESULT} }}"""
SET_RULES = """mutation Rules($assessment: ID!, $prepare: Duration!, $key: ID!) {
  setAssessmentRules(input: { assessmentId: $assessment, atEnd: SUBMIT, lateFor: "PT0S",
    prepare: $prepare, key: $key }) { __typename
    ... on Refused { code message retryable retryAfterMs } } }"""

SAVED, CHANGED = 1, 2
"""Sequences of the answers that are saved, and of the one that comes with the submit."""


def answer(item: str, sequence: int, **response: Any) -> dict[str, Any]:
    return {"itemId": item, "sequence": sequence, "response": response}


ANSWERS = [
    answer("q1", SAVED, choices=["b"]),
    answer("q2", SAVED, choices=["a", "b"]),
    answer("q3", SAVED, number=42.25),
    answer("q4", SAVED, text=" MITOSIS "),
    answer("q5", SAVED, choices=["a", "b", "d", "c"]),
]
LAST_ANSWER = [answer("q1", CHANGED, choices=["a"])]
ALL_ANSWERS = [*LAST_ANSWER, *ANSWERS[1:]]


class Candidate:
    """`bearer` is their Authorization header."""

    def __init__(self, door: Door, user: int, bearer: str) -> None:
        self.user = user
        self._door = door
        self._bearer = bearer

    async def start(self, assessment: str, key: str) -> Done:
        return await self._do(START, assessment=assessment, key=f"start {key}")

    async def save(self, attempt: str, key: str) -> Done:
        return await self._do(SAVE, attempt=attempt, answers=ANSWERS, key=f"save {key}")

    async def submit(self, attempt: str, key: str, answers: Sequence[object]) -> Done:
        return await self._do(SUBMIT, attempt=attempt, answers=answers, key=f"submit {key}")

    async def set_rules(self, assessment: str, prepare: str) -> Done:
        return await self._do(SET_RULES, assessment=assessment, prepare=prepare, key="rules")

    async def _do(self, mutation: str, **variables: Any) -> Done:
        return await self._door.do(self._bearer, mutation, variables)


class Bearers:
    """Tokens of the demo issuer of a state folder."""

    def __init__(self, issuer: DemoIssuer) -> None:
        self._issuer = issuer
        self._clock = SystemClock()

    def of(self, tenant: str, user: int, role: Role = Role.LEARNER) -> str:
        viewer = Viewer(TenantId(tenant), UserId(str(user)), frozenset({role}))
        return f"Bearer {self._issuer.token_for(viewer, self._clock)}"


def assessment_id(tenant: str, number: int) -> str:
    return encode(Kind.ASSESSMENT, tenant, number)
