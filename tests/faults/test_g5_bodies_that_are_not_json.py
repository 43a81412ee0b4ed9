"""G5: what is no request in JSON is refused by a code; no body makes the door fail."""

import json
import random
from collections import Counter
from pathlib import Path

import httpx
import pytest

from gateway.transport import body
from services.kit.settings import Profile
from tests.faults.bodies import KINDS, SOUND, at_random
from tests.faults.registry import n
from tests.faults.watching import STALL_MS, told, watched
from tests.figures import Recorder
from tests.stack import Stack
from tests.unit.gateway.test_http import Door

HEADERS = {"content-type": "application/json"}


def code(answer: httpx.Response) -> str:
    errors = answer.json().get("errors", [])
    return str(errors[0]["extensions"]["code"]) if errors else ""


async def test_g5_what_is_no_request_is_refused_by_a_code(stack: Stack, figure: Recorder) -> None:
    async with httpx.AsyncClient(base_url=stack.gateway, headers=HEADERS, timeout=20) as client:
        sound = await client.post("/graphql", content=SOUND)
        answers = {kind: await client.post("/graphql", content=KINDS[kind]) for kind in KINDS}

    said = {kind: (answer.status_code, code(answer)) for kind, answer in answers.items()}
    figure("G5", kinds=len(said), refused=sum(status == 400 for status, _ in said.values()))
    assert sound.json()["data"] == {"__typename": "Query"}
    assert {status for status, _ in said.values()} == {400}, said
    assert {why for _, why in said.values()} == {"BAD_REQUEST", "BATCH_REFUSED"}


async def test_g5_no_body_makes_the_door_fail_or_stall(
    stack: Stack, tmp_path: Path, figure: Recorder
) -> None:
    dice, statuses, codes = random.Random(5), Counter[int](), Counter[str]()

    async with watched(stack, tmp_path, Profile.PRODUCTION) as gateway:
        for text in at_random(n("G5"), dice):
            answer = await gateway.post(text)
            statuses[answer.status_code] += 1
            codes[code(answer)] += 1
        stalls = await gateway.stalls()

    failed = sum(many for status, many in statuses.items() if status >= 500)
    figure("G5", bodies=statuses.total(), failed=failed, refused=statuses[400], codes=len(codes))
    figure("G5", **told(stalls))
    assert failed == 0
    assert set(statuses) == {200, 400}
    assert "INTERNAL" not in codes
    assert len(codes) >= 4, codes
    assert stalls.cpu_ms <= STALL_MS


async def test_g5_fails_without_strictness(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "decoded", json.loads)
    door = Door(tmp_path)

    async with door.client:
        answers = {kind: await door.post(KINDS[kind]) for kind in KINDS}

    failed = sum(answer.status_code >= 500 for answer in answers.values())
    taken = sum(answer.status_code == 200 for answer in answers.values())
    figure("G5", failed_without_strictness=failed, taken_without_strictness=taken)
    assert failed >= 3
    assert taken >= 3
