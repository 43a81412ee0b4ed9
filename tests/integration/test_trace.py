"""One trace shows a completion's whole life, on either side, at a real collector."""

from collections.abc import AsyncIterator
from secrets import token_hex

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from legacy.monolith import database
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, encode
from tests.integration.collector import Received, collecting
from tests.integration.monolith.school import LEARNER, School, school
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.sides import READS, turn
from tests.stack import Stack, forget
from tests.stack import stack as run_stack
from tests.subscription import subscription
from tests.system import MONOLITH_DATABASE

CLIENT_SPAN = "b7ad6b7169203331"
UPDATES = "subscription ($id: ID!) { progressUpdated(courseId: $id) { completed } }"
COMPLETE = """mutation ($lesson: ID!) {
  completeLesson(input: { lessonId: $lesson, key: "one" }) { __typename } }"""
LIVES = {
    "legacy": {
        ("gateway", "POST /graphql"),
        ("gateway", "legacy POST"),
        ("feeder", "relay legacy"),
        ("progress", "project LessonsCompleted"),
        ("gateway", "push progressUpdated"),
    },
    "service": {
        ("gateway", "POST /graphql"),
        ("gateway", "progress POST"),
        ("progress", "relay progress"),
        ("feeder", "mirror LessonsCompleted"),
        ("gateway", "push progressUpdated"),
    },
}
"""What must be seen, by the side that is written to; the servers' own spans have their paths."""


@pytest.fixture(scope="module")
async def received(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Received]:
    async with collecting(tmp_path_factory.mktemp("collector")) as made:
        yield made


@pytest.fixture(scope="module")
async def traced(
    received: Received, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    """A system of which every process exports its spans."""
    home = tmp_path_factory.mktemp("traced") / "home"
    exporting = {"OTEL_EXPORTER_OTLP_ENDPOINT": received.endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    with run_stack(home, options=("--empty",), BANYAN_TRACE_PERCENT="0", **exporting) as running:
        yield running
    forget(home)


@pytest.fixture
async def campus(traced: Stack, side: str) -> AsyncIterator[School]:
    db = await database.connect(with_database(traced.database, MONOLITH_DATABASE))
    yield await school(db, f"traced-{side}")
    await db.close()


@pytest.mark.parametrize("side", LIVES)
async def test_one_trace_shows_a_completions_whole_life(
    traced: Stack, campus: School, received: Received, side: str
) -> None:
    trace_id = token_hex(16)
    await turn(traced, campus.tenant, side, "progress.write")
    await turn(traced, campus.tenant, "service", *READS)
    course = encode(Kind.COURSE, campus.tenant, campus.course)
    lesson = encode(Kind.LESSON, campus.tenant, campus.lessons[0])
    bearer = token(traced.home, campus.tenant, LEARNER)
    await until(lambda: knows(traced, bearer, course), most_s=20)

    async with subscription(traced.gateway, bearer, UPDATES, id=course) as events:
        before = (await events.next())["progressUpdated"]["completed"]
        await complete(traced, bearer, trace_id, lesson)
        await events.until({"progressUpdated": {"completed": before + 1}})
        await until(lambda: is_whole(received, trace_id, side), most_s=20)

    spans = [span for spans in received.of_trace(trace_id).values() for span in spans]
    [door] = [span for span in spans if span.name == "POST /graphql"]
    server = "monolith" if side == "legacy" else "progress"
    calls = {span.span_id for span in spans if span.parent_span_id == door.span_id}
    assert door.parent_span_id.hex() == CLIENT_SPAN
    assert f"progress.write {side}: {campus.tenant} is at" in decisions_of(door)
    assert any(span.parent_span_id in calls for span in received.of_trace(trace_id)[server])


def decisions_of(door: Span) -> str:
    """Which side answered what, and why."""
    [told] = [one for one in door.attributes if one.key == "banyan.decisions"]
    return str(told.value.string_value)


async def is_whole(received: Received, trace_id: str, side: str) -> bool:
    server = "monolith" if side == "legacy" else "progress"
    return LIVES[side] <= received.names(trace_id) and server in received.of_trace(trace_id)


async def knows(stack: Stack, bearer: str, course: str) -> bool:
    anna = Someone(stack.gateway, bearer)
    try:
        page = await anna.answer(f'{{ course(id: "{course}") {{ progress {{ total }} }} }}')
    finally:
        await anna.close()
    return bool(page["data"]["course"] and page["data"]["course"]["progress"]["total"] == 4)


async def complete(stack: Stack, bearer: str, trace_id: str, lesson: str) -> None:
    headers = {
        "authorization": f"Bearer {bearer}",
        "traceparent": f"00-{trace_id}-{CLIENT_SPAN}-01",
    }
    body = {"query": COMPLETE, "variables": {"lesson": lesson}}
    async with httpx.AsyncClient(base_url=stack.gateway, timeout=30) as client:
        answer = await client.post("/graphql", json=body, headers=headers)
    assert answer.json()["data"]["completeLesson"]["__typename"] == "LessonCompleted"
