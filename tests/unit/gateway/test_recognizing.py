"""A request that came a moment ago is known: whoever sends it is judged, and the door is spared."""

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from msgspec import structs
from starlette.types import Message, Receive, Scope, Send

from gateway.admission.admission import Admission
from gateway.admission.rate_limit import Rates
from gateway.identity.identity import Identity
from gateway.identity.token import Tokens
from gateway.transport import recognizing
from gateway.transport.lately import Lately
from gateway.transport.recognizing import LASTS_S, MOST_BODY_BYTES, Recognizing
from services.contracts.changes import course_tag, enrolments_tag
from services.kit.clock import FakeClock, SystemClock
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, NOW, OTHER, TEACHER, add_tenant, course_id, viewer
from tests.faults.warm import Forgetful, Process, put_off

BODY = b'{"query": "{ course(id: \\"%s\\") { title } }"}' % course_id("acme").encode()
TOLD = b'{"data":{"course":{"title":"acme course 01"}}}'
HIDDEN = b'{"data":{"course":null}}'
ANNA, TINA, STRANGER = viewer("acme", LEARNER), viewer("acme", TEACHER), viewer("acme", OTHER)
LATE_S = NOW.timestamp() + 0.1
Lines = list[tuple[bytes, bytes]]


class Desk:
    """Asks one process, and counts what came as far as its door; what is between adds `around`."""

    def __init__(self, home: Path) -> None:
        self.platform = FakePlatform()
        add_tenant(self.platform, "acme")
        put_off(self.platform)
        self.process = Process(home, {"legacy": self.platform}, Forgetful(SystemClock()))
        self.at_door = 0
        self.order: list[str] = []
        self.around: Lines = []
        self.turn: Hashable = None
        self.clock = FakeClock(NOW)
        made = cast(Recognizing, self.process.app)
        self.app = replace(made, app=self._door, clock=self.clock, marks=self._marks)
        self.position = 0

    def _marks(self) -> Hashable:
        return self.process.heard.notes, self.turn

    async def _door(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.around]
            await send(message)

        self.at_door += 1
        self.order.append("door")
        await self.process._answer(scope, receive, adding)

    async def ask(
        self, who: bytes | None = None, more: Lines | None = None, body: bytes = BODY
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        self.process.heard.lives()
        own = [] if who == b"" else [(b"authorization", who or self.bearer())]
        head = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
        scope |= {"headers": [*head, *own, *(more or [])]}
        sent: list[Message] = []

        async def receive() -> Message:
            self.order.append("body")
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    def bearer(self, who: object = ANNA) -> bytes:
        return self.process._bearer(who)  # type: ignore[arg-type]

    def changed(self, tag: str) -> None:
        self.position += 1
        self.process.heard.note(self.position, [tag])


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    """The learner and the teacher have asked, and it is kept."""
    made = Desk(tmp_path)
    for who in (ANNA, TINA, ANNA, TINA):
        await made.ask(made.bearer(who))
    made.at_door = 0
    return made


async def test_the_door_is_spared(desk: Desk) -> None:
    first = await desk.ask()
    others = [await desk.ask(desk.bearer(who)) for who in (ANNA, TINA) * 5]

    assert desk.at_door == 0
    assert (first[0], first[2]) == (200, TOLD)
    assert all(body == first[2] for _, _, body in others)
    assert len({head[b"x-request-id"] for _, head, _ in others}) == len(others)
    assert all(head[b"cache-status"].startswith(b"banyan; hit") for _, head, _ in others)


async def test_whoever_may_not_see_it_is_answered_by_the_door(desk: Desk) -> None:
    for _ in range(3):
        _, _, body = await desk.ask(desk.bearer(STRANGER))
        assert body == HIDDEN
    assert desk.at_door == 3


@pytest.mark.parametrize("who", [b"", b"Bearer a.b.c", b"Basic eDp5"])
async def test_whoever_shows_no_good_token_comes_to_the_door(desk: Desk, who: bytes) -> None:
    _, _, body = await desk.ask(who)

    assert desk.at_door == 1
    assert b"UNAUTHENTICATED" in body


async def test_two_tokens_are_nobodys(desk: Desk) -> None:
    await desk.ask(desk.bearer(), [(b"authorization", desk.bearer(STRANGER))])

    assert desk.at_door == 1


async def test_whoever_waits_for_a_word_before_they_send_is_told_by_the_door(desk: Desk) -> None:
    """Which may refuse what it sees of the head."""
    desk.order.clear()
    await desk.ask(more=[(b"expect", b"100-continue")])
    assert desk.order == ["door", "body"]

    desk.order.clear()
    await desk.ask()
    assert desk.order == ["body"]


async def test_another_header_makes_another_request(desk: Desk) -> None:
    await desk.ask(more=[(b"accept-language", b"pt")])

    assert desk.at_door == 1


@pytest.mark.parametrize(
    "more", [[(b"traceparent", b"00-" + b"1" * 32 + b"-" + b"1" * 16 + b"-00")]]
)
async def test_what_is_each_requests_own_is_never_known(desk: Desk, more: Lines) -> None:
    for _ in range(3):
        await desk.ask(more=more)

    assert desk.at_door == 3


async def test_a_change_that_was_heard_is_told_at_once(desk: Desk) -> None:
    course = desk.platform.courses[course_id("acme")]
    desk.platform.courses[course.id] = structs.replace(course, title="Another")
    desk.changed(course_tag("acme", 1))

    _, _, body = await desk.ask()

    assert b"Another" in body


async def test_whoever_leaves_a_course_is_not_told_of_it_any_more(desk: Desk) -> None:
    del desk.platform.enrolled[course_id("acme")]["acme", LEARNER]
    desk.changed(enrolments_tag("acme", LEARNER))

    _, _, body = await desk.ask()

    assert body == HIDDEN


async def test_a_change_of_something_else_sends_nobody_to_the_door(desk: Desk) -> None:
    desk.changed(course_tag("acme", 99))
    await desk.ask()

    assert desk.at_door == 0


async def test_whoever_asks_too_often_is_refused_by_the_door(desk: Desk) -> None:
    engine = desk.app.recalling.engine
    rates = Rates(desk.process.clock, viewer=10.0, tenant=0.0)
    admission = Admission(desk.process.clock, rates=rates)
    desk.app = replace(
        desk.app, recalling=replace(desk.app.recalling, engine=replace(engine, admission=admission))
    )
    for _ in range(20):
        await desk.ask()

    assert 0 < desk.at_door < 20


async def test_after_a_second_it_is_read_anew(desk: Desk) -> None:
    desk.clock.advance(LASTS_S)
    await desk.ask()

    assert desk.at_door == 1


async def test_a_token_ends_when_it_ends(desk: Desk) -> None:
    known = desk.app.tokens.bearer(desk.bearer().decode())
    assert known is not None
    desk.app = replace(desk.app, tokens=Taking(replace(known, expires_s=LATE_S)))
    desk.turn = "a key"
    await desk.ask()
    desk.app = replace(desk.app, tokens=Taking(None))
    desk.clock.advance(LATE_S - NOW.timestamp())

    await desk.ask()

    assert desk.at_door == 1


class Taking(Tokens):
    """Takes each for the same one's, or none."""

    def __init__(self, identity: Identity | None) -> None:
        self.identity_of_all = identity

    def bearer(self, authorization: str | None) -> Identity | None:
        return self.identity_of_all


async def test_whoever_signed_out_is_judged_again(desk: Desk) -> None:
    desk.app = replace(desk.app, tokens=Taking(None))
    await desk.ask()
    assert desk.at_door == 0

    desk.turn = "somebody has signed out"
    await desk.ask()

    assert desk.at_door == 1


@pytest.mark.parametrize("line", [(b"set-cookie", b"a=b"), (b"content-language", b"pt")])
async def test_what_is_said_to_one_alone_is_not_said_to_others(
    tmp_path: Path, line: tuple[bytes, bytes]
) -> None:
    desk = Desk(tmp_path)
    desk.around = [line]
    for _ in range(5):
        await desk.ask()

    assert desk.at_door == 5


async def test_what_is_said_to_all_is_said_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.around = [(b"x-content-type-options", b"nosniff")]
    heads = [(await desk.ask())[1] for _ in range(5)]

    assert desk.at_door < 5
    assert all(head[b"x-content-type-options"] == b"nosniff" for head in heads)


async def test_a_large_request_is_not_known(desk: Desk) -> None:
    body = BODY[:-1] + b" " * MOST_BODY_BYTES + b"}"
    for _ in range(3):
        await desk.ask(body=body)

    assert desk.at_door == 3


def test_what_has_ended_is_not_found_and_goes_with_the_next() -> None:
    lately: Lately[int] = Lately(10)
    lately.keep(b"a", 1, 0.0, 1.0)
    assert (lately.find(b"a", 0.9), lately.find(b"a", 1.0)) == (1, None)

    lately.keep(b"b", 2, 1.0, 2.0)

    assert len(lately) == 1


def test_the_oldest_goes_where_there_is_no_room() -> None:
    lately: Lately[int] = Lately(2)
    for nth in range(3):
        lately.keep(b"%d" % nth, nth, 0.0, 1.0)

    assert [lately.find(b"%d" % nth, 0.0) for nth in range(3)] == [None, 1, 2]


async def test_one_whose_trace_is_told_goes_the_whole_way_and_is_counted_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognizing, "draws", lambda percent: True)
    before = desk.process.tally.reads.total()

    for _ in range(3):
        await desk.ask()

    assert desk.at_door == 3
    assert desk.process.tally.reads.total() - before == 3
