"""A class that is about to begin: one teacher, some who learn, each with a token."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, Side, encode
from tests.caught_up import has_caught_up
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.sides import turn
from tests.stack import Stack

TEACHER, STRANGER, FIRST = 2, 9, 100
NUMBERS = count(1)
CONTROL = ("course.read", "live_class.schedule", "live_class.control")

STATE = "query ($id: ID!) { liveClass(id: $id) { state present hands { name } } }"
JOIN = """mutation ($id: ID!, $key: ID!, $region: String) {
  joinLiveClass(input: { classId: $id, key: $key, region: $region }) { __typename
    ... on JoinTicket { participant { id name role region } liveClass { id state } turnRegion
      iceServers { urls username credential expiresAt } resumeToken waitMs }
    ... on Error { code message } } }"""
ACT = """mutation ($id: ID!, $key: ID!) {
  done: %s(input: { classId: $id, key: $key }) { __typename
    ... on ClassUpdated { token liveClass { id state } } ... on Error { code message } } }"""
OPEN = """mutation ($id: ID!, $key: ID!, $count: Int!) {
  openBreakouts(input: { classId: $id, count: $count, minutes: 10, key: $key }) { __typename
    ... on ClassUpdated { liveClass { breakouts { id name members { id } } } }
    ... on Error { code message } } }"""
MOVE = """mutation ($id: ID!, $key: ID!, $who: ID!, $room: ID) {
  moveToBreakout(input: { classId: $id, participantId: $who, breakoutId: $room, key: $key }) {
    __typename ... on ClassUpdated { liveClass { breakouts { id members { id } } } }
    ... on Error { code message } } }"""
SEND = """mutation ($id: ID!, $key: ID!, $to: ID!, $kind: SignalKind!, $payload: String!) {
  sendSignal(input: { classId: $id, to: $to, kind: $kind, payload: $payload, key: $key }) {
    __typename ... on SignalSent { cursor } ... on Error { code message } } }"""
REPORT = """mutation ($id: ID!) {
  reportQuality(input: { classId: $id, rttMs: 40, lossPercent: 0.5, jitterMs: 5, relayed: false,
    region: "eu-west" }) { advice message turnRegion } }"""
CLASSROOM = """subscription ($id: ID!, $after: ID) { classroom(classId: $id, after: $after) {
  __typename
  ... on ClassroomSnapshot { cursor liveClass { id state present } }
  ... on PresenceChanged { cursor present joined { id name } left }
  ... on HandsChanged { cursor hands { participantId name } }
  ... on BreakoutsChanged { cursor breakouts { id name members { id } } }
  ... on ClassStateChanged { cursor state }
  ... on Gap { cursor dropped } } }"""
SIGNALS = """subscription ($id: ID!, $after: ID) { signals(classId: $id, after: $after) {
  __typename ... on Signal { cursor from { id name } kind payload }
  ... on Gap { cursor dropped } } }"""


@dataclass(frozen=True, slots=True)
class Lecture:
    stack: Stack
    tenant: str
    live_class: str
    learners: list[int]

    def bearer(self, user: int) -> str:
        role = "TEACHER" if user == TEACHER else "LEARNER"
        return token(self.stack.home, self.tenant, user, role)


async def lecture(
    stack: Stack, db: Connection, many: int, *, side: str = "service", now: datetime | None = None
) -> Lecture:
    """In a tenant of its own; a stranger is of the tenant, and not of the course."""
    tenant = f"lecture-{next(NUMBERS)}"
    learners = [*range(FIRST, FIRST + many)]
    starts = ((now or datetime.now(UTC)) + timedelta(minutes=5)).replace(tzinfo=None)
    async with db.transaction():
        await seed.tenant(db, tenant)
        course = await seed.course(db, tenant, 1, "Biology", "BIO-1", [])
        await seed.person(db, tenant, TEACHER, "Tomas", "TEACHER")
        await seed.enrol(db, tenant, course, TEACHER, "TEACHER")
        await seed.person(db, tenant, STRANGER, "Stranger")
        for user in learners:
            await seed.person(db, tenant, user, f"Learner {user}")
            await seed.enrol(db, tenant, course, user)
        ends = starts + timedelta(hours=1)
        held = await seed.live_class(db, tenant, course, starts, ends, "Cells", TEACHER)
    await turn(stack, tenant, side, *CONTROL)
    await until(lambda: has_caught_up(db, ("progress", "live_class")), most_s=30)
    return Lecture(stack, tenant, encode(Kind.LIVE_CLASS, tenant, held, Side.LEGACY), learners)
