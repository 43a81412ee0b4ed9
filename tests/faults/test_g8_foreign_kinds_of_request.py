"""G8: mutations by GET, forms, plain text, batches and uploads are refused, and change nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.transport.media import media_type
from tests.fakes.tenant import lesson_id
from tests.faults.registry import n
from tests.figures import Recorder
from tests.unit.gateway.test_http import Door, code

COMPLETE = "mutation($id: ID!) { completeLesson(input: {lessonId: $id, key: "
COMPLETE += '"once"}) { __typename } }'
ASKED = {"query": COMPLETE, "variables": {"id": lesson_id("acme", 1)}}


def requests(door: Door) -> Iterator[tuple[httpx.Request, int]]:
    """Each completes a lesson where it is taken, and has the status that it gets."""
    text = json.dumps(ASKED)
    form = {"query": COMPLETE, "variables": json.dumps(ASKED["variables"])}
    types = {"content-type": "application/json"}

    def made(method: str, **said: Any) -> httpx.Request:
        return door.client.build_request(method, "/graphql", **said)

    yield made("GET", params=form), 405
    yield made("POST", data=form), 415
    yield made("POST", content=text, headers={"content-type": "text/plain"}), 415
    yield made("POST", content=text), 415
    yield made("POST", content=f"[{text}]", headers=types), 400
    yield made("POST", data={"operations": text}, files={"0": b"file"}), 415


async def test_g8_each_is_refused_and_none_is_executed(tmp_path: Path, figure: Recorder) -> None:
    door = Door(tmp_path)

    async with door.client:
        answers = [(await door.client.send(one), status) for one, status in requests(door)]
        refused = sum(answer.status_code == status for answer, status in answers)
        executed = len(door.received_s)
        sound = await door.post(ASKED)

    figure("G8", requests=len(answers), refused=refused, executed=executed)
    assert (refused, executed) == (n("G8"), 0)
    assert all(code(answer) for answer, _ in answers)
    assert answers[0][0].headers["allow"] == "POST"
    assert sound.json()["data"]["completeLesson"]["__typename"] == "LessonCompleted"


async def test_g8_fails_without_asking_for_json(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusting(headers: Any) -> str:
        return media_type(headers) and "application/json"

    monkeypatch.setattr("gateway.transport.body.media_type", trusting)
    door = Door(tmp_path)

    async with door.client:
        for one, _ in requests(door):
            await door.client.send(one)

    figure("G8", executed_without_asking_for_json=len(door.received_s))
    assert len(door.received_s) == 1
