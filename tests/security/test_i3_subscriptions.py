"""I3: a subscription to another tenant's course looks like one to a course that does not exist."""

import asyncio
import json
from typing import Any

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from legacy.monolith.database import Connection
from schema.contract import core_schema
from services.contracts.ids import Kind
from tests.figures import Recorder
from tests.learner import token
from tests.security.campus import ROLES, TEACHER, campus
from tests.stack import Stack
from tests.system import NUMBERS

DOCUMENTS = {
    "progressUpdated": (
        Kind.COURSE,
        'subscription { progressUpdated(courseId: "ID") { completed } }',
    ),
    "attemptUpdated": (
        Kind.ATTEMPT,
        'subscription { attemptUpdated(attemptId: "ID") { id } }',
    ),
    "classroom": (
        Kind.LIVE_CLASS,
        'subscription { classroom(classId: "ID") { ... on ClassroomSnapshot { cursor } } }',
    ),
    "signals": (
        Kind.LIVE_CLASS,
        'subscription { signals(classId: "ID") { ... on Signal { cursor } } }',
    ),
}
OF_NOBODY = {"platformStatusUpdated"}
SILENT = {"signals"}
"""Say nothing as long as nobody says anything."""
PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE_S = 20.0


async def first_said(gateway: str, bearer: str, document: str) -> dict[str, Any]:
    """The first message that a subscription gives."""
    url = gateway.replace("http", "ws", 1) + "/graphql"
    async with asyncio.timeout(PATIENCE_S), connect(url, subprotocols=[PROTOCOL]) as socket:
        who = {"authorization": f"Bearer {bearer}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": who}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        asked = {"id": "1", "type": "subscribe", "payload": {"query": document}}
        await socket.send(json.dumps(asked))
        said: dict[str, Any] = json.loads(await socket.recv())
        return said


async def test_i3_a_foreign_subscription_is_answered_as_one_to_nothing(
    stack: Stack, monolith_db: Connection, figure: Recorder
) -> None:
    own, other = [await campus(monolith_db, f"tuned-{next(NUMBERS)}") for _ in range(2)]
    named = set(DOCUMENTS) | OF_NOBODY
    assert set(core_schema().subscription_type.fields) == named  # type: ignore[union-attr]
    told_apart, given = 0, 0

    for user, role in ROLES.items():
        bearer = token(stack.home, own.tenant, user, role)
        for kind, document in DOCUMENTS.values():
            ids = (other.ids()[kind], "bm90aGluZw")
            foreign, missing = [
                await first_said(stack.gateway, bearer, document.replace("ID", id_)) for id_ in ids
            ]
            told_apart += foreign != missing
            given += foreign["type"] == "next" and bool(foreign["payload"].get("data"))

    figure("I3", foreign_subscriptions_told_from_missing=told_apart, foreign_events=given)
    assert (told_apart, given) == (0, 0)


async def test_i3_ones_own_is_told_by_the_same_subscriptions(
    stack: Stack, monolith_db: Connection
) -> None:
    own = await campus(monolith_db, f"tuned-{next(NUMBERS)}")
    bearer = token(stack.home, own.tenant, TEACHER, ROLES[TEACHER])

    for name in DOCUMENTS.keys() - SILENT:
        kind, document = DOCUMENTS[name]
        said = await first_said(stack.gateway, bearer, document.replace("ID", own.ids()[kind]))

        assert said["type"] == "next"
        assert said["payload"]["data"]
