"""A class in memory in which hands are raised, and the engine that its subscribers follow it by."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.rivals.apps import CONSISTENCY
from gateway.execution.engine import Engine
from gateway.operation.document import Documents
from gateway.operation.rules import Rules
from gateway.realtime.groups import Groups
from gateway.realtime.heed import Heed
from resolvers.context import Context, context_for
from resolvers.ports import Each, Sources
from resolvers.say import Say
from resolvers.sight import Sight
from resolvers.topics import Hearing, News
from schema.contract import core_schema
from services.contracts.classroom import ClassroomNews, ClassroomSnapshot, Hand, HandsChanged
from services.contracts.ids import CourseId, Kind, LiveClassId, ParticipantId, Side, encode
from services.contracts.learning import Course, Enrolment, Role
from services.contracts.live_class import LiveClass, LiveClassState
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock

TENANT, HANDS, BUDGET_S = "ministry", 20, 600.0
FIRST_USER, NAME = 100_000, "Ana-María Fernández de la Cruz"
BEGINS = datetime(2026, 9, 1, 9, tzinfo=UTC)
COURSE = Course(CourseId(encode(Kind.COURSE, TENANT, 3)), "Linear algebra", "LA")
CLASS = LiveClass(
    LiveClassId(encode(Kind.LIVE_CLASS, TENANT, 7, Side.SERVICE)),
    COURSE.id,
    "Linear algebra, lecture 7",
    None,
    BEGINS,
    BEGINS + timedelta(hours=1),
    LiveClassState.LIVE,
)
FOLLOWING = """subscription ($class: ID!, $after: ID) { classroom(classId: $class, after: $after) {
  __typename
  ... on ClassroomSnapshot { cursor liveClass { id title startsAt endsAt } }
  ... on PresenceChanged { cursor present joined { id name role region } left }
  ... on HandsChanged { cursor hands { participantId name raisedAt } }
  ... on BreakoutsChanged { cursor breakouts { id name members { id name } endsAt } }
  ... on ClassStateChanged { cursor state }
  ... on Gap { cursor dropped } } }"""
VARIABLES = {"class": CLASS.id}


class BusyClass:
    """All ports that its followers need; everybody takes its course.

    `reads`: of what is new; `judged`: how often it was asked for what somebody is judged by.
    """

    def __init__(self) -> None:
        self.version = self.reads = self.judged = 0
        self._hands: list[Hand] = []
        self._news: dict[News, None] = {}

    @property
    def cursor(self) -> str:
        return f"room-{self.version}"

    def raise_hands(self) -> None:
        """Others than before; nobody is told yet."""
        self.version += 1
        first = FIRST_USER + self.version * HANDS
        self._hands = [_hand(user) for user in range(first, first + HANDS)]

    def tell(self) -> None:
        for news in list(self._news):
            news(None)

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        self.judged += 1
        return [Enrolment(COURSE, Role.LEARNER)]

    async def many(self, caller: Caller, ids: Sequence[LiveClassId]) -> Each[LiveClass]:
        return [CLASS for _ in ids]

    async def changes(
        self, caller: Caller, live_class: LiveClassId, after: str | None
    ) -> ClassroomNews:
        self.reads += 1
        if after is None:
            return ClassroomNews([ClassroomSnapshot(self.cursor, CLASS)], self.cursor)
        new = after != self.cursor
        return ClassroomNews([HandsChanged(self.cursor, self._hands)] if new else [], self.cursor)

    def hear(self, topic: str, news: News) -> Hearing:
        self._news[news] = None
        return Heed(self, topic, news)

    async def opened(self, topic: str) -> None:
        """It always is."""

    def forget(self, topic: str, news: News) -> None:
        del self._news[news]


def _hand(user: int) -> Hand:
    named = ParticipantId(encode(Kind.PARTICIPANT, TENANT, f"s7.{user}"))
    return Hand(named, f"{NAME} {user}", BEGINS + timedelta(milliseconds=user))


def engine_of(busy: BusyClass, groups: Groups) -> Engine:
    """As the gateway's own in production."""
    schema, clock, sources = core_schema(), SystemClock(), _sources(busy)

    def context(viewer: Viewer | None, received_s: float | None, sight: Sight, say: Say) -> Context:
        return context_for(viewer, clock, BUDGET_S, sources, CONSISTENCY, received_s, sight, say)

    documents = Documents(schema, Rules(is_open=False))
    return Engine(schema, documents, context, groups=groups)


def _sources(busy: Any) -> Sources:
    """Whatever else is asked for is not there."""
    nobody: Any = None
    return Sources(
        people=nobody,
        courses=busy,
        editing=nobody,
        progress=nobody,
        completions=nobody,
        written=nobody,
        assessments=nobody,
        attempts=nobody,
        attempting=nobody,
        supervising=nobody,
        live_classes=busy,
        classrooms=busy,
        topics=busy,
    )
