"""S6: whose token or enrolment ends while their socket is open is told nothing any more."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.identity.issuer import LIFETIME
from gateway.transport.badge import Badge
from tests.fakes.tenant import LEARNER, course_id, lesson_id
from tests.faults.attentive import Attentive, Gone, followers
from tests.faults.registry import n
from tests.figures import Recorder
from tests.unit.gateway.test_websocket import TOPIC, Door

pytestmark = pytest.mark.usefixtures("settled")
CLOSED_WITHIN_S = 5.0


@asynccontextmanager
async def subscribers(door: Door, many: int) -> AsyncIterator[list[Attentive]]:
    async with door.opened(), followers(door, many) as sockets:
        yield sockets


def crowded(home: Path, **bounds: Any) -> Door:
    return Door(home, sockets_a_viewer=n("S6"), **bounds)


def end_tokens(door: Door) -> None:
    door.clock.advance(LIFETIME.total_seconds() + 1)


def end_enrolment(door: Door) -> None:
    del door.platform.enrolled[course_id("acme")]["acme", LEARNER]


def happen(door: Door) -> None:
    door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
    door.platform.topics.tell(TOPIC)


async def next_of(socket: Attentive) -> str:
    """`event`, the code of an error, or that of the socket's close."""
    try:
        told = (await socket.heard())["payload"]
    except Gone:
        return str(socket.code)
    return str(told["errors"][0]["extensions"]["code"]) if "errors" in told else "event"


async def told_by(sockets: list[Attentive]) -> Counter[str]:
    return Counter(await asyncio.gather(*(next_of(socket) for socket in sockets)))


async def test_s6_no_event_comes_behind_a_token(tmp_path: Path, figure: Recorder) -> None:
    door = crowded(tmp_path)
    async with subscribers(door, n("S6")) as sockets:
        end_tokens(door)
        happen(door)
        told = await told_by(sockets)

    figure("S6", sockets=n("S6"), events_after_tokens_ended=told["event"], closed_4403=told["4403"])
    assert told == {"4403": n("S6")}


async def test_s6_a_silent_socket_is_closed_too(tmp_path: Path, figure: Recorder) -> None:
    async with subscribers(door := crowded(tmp_path), n("S6") // 10) as sockets:
        end_tokens(door)
        began = time.monotonic()
        codes = await asyncio.gather(*(socket.closed() for socket in sockets))
        took_s = time.monotonic() - began

    figure("S6", silent_sockets_closed_s=round(took_s, 1))
    assert set(codes) == {4403}
    assert took_s < CLOSED_WITHIN_S


async def test_s6_no_event_comes_behind_an_enrolment(tmp_path: Path, figure: Recorder) -> None:
    async with subscribers(door := crowded(tmp_path), n("S6")) as sockets:
        end_enrolment(door)
        happen(door)
        told = await told_by(sockets)

    figure("S6", events_after_enrolments_ended=told["event"])
    assert told == {"NOT_FOUND": n("S6")}


async def test_s6_fails_without_a_look_at_the_token(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Badge, "check", lambda badge: None)
    async with subscribers(door := crowded(tmp_path), n("S6")) as sockets:
        end_tokens(door)
        happen(door)
        told = await told_by(sockets)

    figure("S6", events_after_tokens_ended_without_a_look=told["event"])
    assert told == {"event": n("S6")}


async def test_s6_fails_without_a_guard_at_each_event(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def allow(*judged: Any) -> None:
        return None

    async with subscribers(door := crowded(tmp_path), n("S6")) as sockets:
        monkeypatch.setattr("gateway.realtime.asked.verdict", allow)
        end_enrolment(door)
        happen(door)
        told = await told_by(sockets)

    figure("S6", events_after_enrolments_ended_without_a_guard=told["event"])
    assert told == {"event": n("S6")}
