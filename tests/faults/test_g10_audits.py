"""G10: graphql-http's audits of a server by the GraphQL over HTTP draft: all pass, none warns."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gateway.transport.negotiate import JSON
from tests.clients.node import run
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.stack import Stack
from tests.unit.gateway.test_http import Door


def counted(results: list[dict[str, Any]]) -> Counter[str]:
    """`warn` is told of what should or may be, `error` of what must."""
    return Counter(str(result["status"]) for result in results)


def test_g10_all_audits_pass_without_a_warning(stack: Stack, figure: Recorder) -> None:
    results = run("audits.mjs", gateway=stack.gateway)

    said = counted(results)
    figure("G10", audits=len(results), ok=said["ok"], warned=said["warn"], failed=said["error"])
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) >= n("G10")


async def test_g10_fails_without_negotiation(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.transport.http.chosen", lambda accept: JSON)

    async with serving(Door(tmp_path).app) as url:
        results = await asyncio.to_thread(run, "audits.mjs", gateway=url)

    said = counted(results)
    figure("G10", warned_without_negotiation=said["warn"])
    assert said["warn"] >= 5
