"""Attempts as they are read, the old way: one's own, and everybody's for those who teach."""

from collections.abc import Sequence
from urllib.parse import urlencode

from legacy import attempt_id, translate, wire
from legacy.attempt_pages import AttemptPages
from legacy.fanout import both, each
from legacy.paper import Paper
from services.contracts.assessment import Attempt, AttemptState, SubmissionCount, Window
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.contracts.paging import Key, Page, page_of
from services.kit.caller import Caller

SAID = {state: word for word, state in translate.STATES.items()}
IN_ORDER = [state for state in AttemptState if state in SAID]


class LegacySubmissions(AttemptPages):
    async def mine(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Attempt] | Refused]:
        async def fetch(assessment: AssessmentId) -> list[Attempt]:
            own = translate.local(assessment)
            found = await self._mine(caller, own)
            if not found:
                return []
            paper = await self._paper(caller, own)
            return [paper.attempt(one) for one in found]

        return await each(ids, fetch)

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> Sequence[Attempt | Refused]:
        async def fetch(attempt: AttemptId) -> Attempt:
            paper, found = await self._attempt(caller, attempt_id.named(attempt))
            return paper.attempt(found)

        return await each(ids, fetch)

    async def windows(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[Window | Refused]:
        """An attempt that is open has an end of its own where there is a limit."""

        async def fetch(assessment: AssessmentId) -> Window:
            own = translate.local(assessment)
            paper = await self._paper(caller, own)
            if paper.found.time_limit_min is None:
                return paper.window(None)
            mine = await self._mine(caller, own)
            return paper.window(next((one.started for one in mine if one.is_open), None))

        return await each(ids, fetch)

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Sequence[Page[Attempt] | Refused]:
        """The monolith orders them by user and number, and tells who comes behind one."""

        async def fetch(assessment: AssessmentId) -> Page[Attempt]:
            own, asked = translate.local(assessment), _page(attempt_id.seen(after), first, states)
            path = f"/assessments/{own}/submissions?{asked}"
            page = self._client.get(caller, path, wire.Submissions)
            paper, found = await both(self._paper(caller, own), page)
            rows = [_row(paper, one) for one in found.attempts]
            more = len(rows) > first
            return page_of(rows[:first], more=more, behind=after is not None, total=found.total)

        return await each(ids, fetch)

    async def submission_counts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[SubmissionCount] | Refused]:
        """Of each state an empty page, which says how many there are."""

        async def count(place: tuple[AssessmentId, AttemptState]) -> SubmissionCount:
            assessment, state = place
            asked = urlencode({"limit": 0, "states": SAID[state]})
            path = f"/assessments/{translate.local(assessment)}/submissions?{asked}"
            found = await self._client.get(caller, path, wire.Submissions)
            return SubmissionCount(state, found.total)

        found = await each([(one, state) for one in ids for state in IN_ORDER], count)
        return [
            _counts(found[at : at + len(IN_ORDER)]) for at in range(0, len(found), len(IN_ORDER))
        ]


def _counts(found: Sequence[SubmissionCount | Refused]) -> list[SubmissionCount] | Refused:
    """All of them or none; those states that none is in are left out."""
    counts: list[SubmissionCount] = []
    for one in found:
        if isinstance(one, Refused):
            return one
        counts.append(one)
    return [one for one in counts if one.count]


def _page(after: attempt_id.Named, first: int, states: Sequence[AttemptState]) -> str:
    """One more than wanted, which shows whether there are more."""
    # The monolith writes its states in lower case: it finds none of one that it does not know.
    wanted = ",".join(SAID.get(state, state.value) for state in states)
    place = {"after_user": after.user, "after_number": after.number}
    return urlencode({**place, "limit": first + 1, "states": wanted})


def _row(paper: Paper, said: wire.Attempt) -> tuple[Key, Attempt]:
    attempt = paper.attempt(said)
    return attempt_id.key(said.user, said.number, attempt.id), attempt
