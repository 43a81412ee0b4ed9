"""Somebody who learns all through a drill, and remembers what was acknowledged to them."""

from dataclasses import dataclass
from typing import Any

from bench.candidate import SAVE, START, answer
from bench.way_in import Door

ITEM = "q3"
PAGE = """query Page { viewer { name courses(first: 5) { edges { node {
  title progress { completed } outline { lessons { id } }
  assessments(first: 5) { edges { node { title attempts { edges { node { id } } } } } }
  liveClasses(from: "2026-01-01T00:00:00Z") { title }
} } } } }"""
COMPLETE = """mutation Complete($lesson: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $lesson, key: $key }) { __typename
    ... on Refused { code message retryable retryAfterMs } } }"""
KEPT = """query Kept { viewer {
  courses(first: 5) { edges { node {
    progress { completed }
    assessments(first: 5) { edges { node { attempts { edges { node {
      id answers { itemId sequence } } } } } } }
  } } } } }"""


@dataclass
class Learner:
    """`saved` is the newest sequence of their answer that was acknowledged; `completed` lessons."""

    door: Door
    bearer: str
    assessment: str
    lessons: list[str]
    attempt: str = ""
    saved: int = 0
    completed: int = 0
    sent_again: int = 0

    async def begin(self) -> None:
        started = await self._do(START, assessment=self.assessment, key="drill")
        self.attempt = started["attempt"]["id"]

    async def act(self) -> None:
        """Looks at their page, saves an answer, and completes a lesson while there is one left."""
        await self._do(PAGE)
        wanted = self.saved + 1
        answers = [answer(ITEM, wanted, number=float(wanted))]
        await self._do(SAVE, attempt=self.attempt, answers=answers, key=f"drill {wanted}")
        self.saved = wanted
        if self.completed < len(self.lessons) and wanted % 4 == 0:
            lesson = self.lessons[self.completed]
            await self._do(COMPLETE, lesson=lesson, key=f"drill {lesson}")
            self.completed += 1

    async def kept(self) -> "Kept":
        """What there is of it, as this learner is told."""
        [course] = [edge["node"] for edge in await self._courses()]
        [quiz] = [edge["node"] for edge in course["assessments"]["edges"]]
        attempts = [edge["node"] for edge in quiz["attempts"]["edges"]]
        found = [one for one in attempts if one["id"] == self.attempt]
        sequences = [
            one["sequence"] for it in found for one in it["answers"] if one["itemId"] == ITEM
        ]
        completed = course["progress"]["completed"]
        return Kept(len(attempts), bool(found), max(sequences, default=0), completed)

    async def _courses(self) -> list[dict[str, Any]]:
        courses: list[dict[str, Any]] = (await self._do(KEPT))["courses"]["edges"]
        return courses

    async def _do(self, text: str, **variables: Any) -> dict[str, Any]:
        done = await self.door.do(self.bearer, text, variables)
        self.sent_again += done.again
        return done.said


@dataclass(frozen=True, slots=True)
class Kept:
    """`is_there`: the attempt that was begun, by its id, which says its side."""

    attempts: int
    is_there: bool
    saved: int
    completed: int

    def lacks(self, learner: Learner) -> bool:
        """Something that was acknowledged."""
        return self.saved < learner.saved or self.completed < learner.completed
