"""What learners do to attempts of the assessment service, and on which side they begin one."""

from collections.abc import Sequence

from services.assessment.client import local
from services.contracts.assessment import Given
from services.contracts.assessment_api import (
    SAVE,
    SIDE,
    START,
    SUBMIT,
    VERIFY,
    WAITED,
    Outcome,
    Pinned,
    Proof,
    Save,
    Side,
    Start,
    Submit,
    Verified,
)
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import AssessmentId, AttemptId, Kind
from services.contracts.question import Question
from services.kit.asking import A, Q, ServiceClient
from services.kit.caller import Caller
from services.kit.local import local as local_id

NO_KEY = ""
"""For a question that may be refused as a command may: it does nothing that a key would guard."""


class Doing:
    """Commands say how long they have been under way: waiting costs nobody their time."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def side(
        self, caller: Caller, assessment: AssessmentId, wants_service: bool, seen: int | None
    ) -> Pinned | Refused:
        """`seen` is how many attempts the monolith has, all finished; None: it was not asked."""
        named = local_id(caller, Kind.ASSESSMENT, assessment)
        if named is None:
            return HIDDEN
        return await self._do(caller, SIDE, Side(named, wants_service, seen), NO_KEY)

    async def start(
        self, caller: Caller, assessment: AssessmentId, key: str, decimal: bool = True
    ) -> Outcome | Refused:
        named = local_id(caller, Kind.ASSESSMENT, assessment)
        if named is None:
            return HIDDEN
        return await self._do(caller, START, Start(named, decimal), key)

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Outcome | Refused:
        named = local.attempt(caller, attempt)
        if named is None:
            return HIDDEN
        return await self._do(caller, SAVE, Save(named, list(answers), expected_version), key)

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Outcome | Refused:
        named = local.attempt(caller, attempt)
        if named is None:
            return HIDDEN
        return await self._do(caller, SUBMIT, Submit(named, list(answers), expected_version), key)

    async def verify(self, caller: Caller, attempt: AttemptId, hash_: str) -> Verified | Refused:
        named = local.attempt(caller, attempt)
        if named is None:
            return HIDDEN
        return await self._do(caller, VERIFY, Proof(named, hash_), NO_KEY)

    async def _do(self, caller: Caller, command: Question[Q, A], said: Q, key: str) -> A | Refused:
        waited = {WAITED: str(caller.waited_ms())}
        return await self._client.command(caller, command, said, key, waited)
