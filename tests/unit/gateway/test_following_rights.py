"""Whether a member still may is judged anew where something was heard of them, or long ago."""

import pytest

from gateway.realtime import asked as module
from gateway.realtime.rights import LASTS_S
from schema.following import verdict
from services.contracts.changes import enrolments_tag
from tests.fakes.listening import settled
from tests.unit.gateway.following import Heard, Scene

MANY = 80
"""Fewer than a group that is paced."""


class Judged:
    """Counts whom it judges."""

    def __init__(self) -> None:
        self.viewers: list[str] = []


async def test_of_whom_nothing_was_heard_is_not_judged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard, judged = Heard(), Judged()
    scene = watched(heard, judged, monkeypatch)
    await scene.watch(3)
    judged.viewers.clear()

    scene.status.tell(1)
    await settled()
    heard.note(enrolments_tag("acme", "1"))
    scene.status.tell(2)
    await settled()

    assert judged.viewers == ["1"]


@pytest.mark.parametrize("how", ["late", "deaf"])
async def test_all_are_judged_again_when_it_is(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, judged = Heard(), Judged()
    scene = watched(heard, judged, monkeypatch)
    await scene.watch(3)
    judged.viewers.clear()

    if how == "late":
        scene.hall.clock.advance(LASTS_S)
    heard.is_deaf = how == "deaf"
    scene.status.tell(1)
    await settled()

    assert set(judged.viewers) == {"0", "1", "2"}


async def test_those_who_were_judged_together_are_not_judged_together_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard, judged = Heard(), Judged()
    scene = watched(heard, judged, monkeypatch)
    await scene.watch(MANY)
    heard.is_deaf = True
    scene.status.tell(1)
    await settled()
    heard.is_deaf = False
    judged.viewers.clear()

    rounds = list[int]()
    for nth in range(2, 10):
        scene.hall.clock.advance(LASTS_S / 8)
        scene.status.tell(nth)
        await settled()
        rounds.append(len(judged.viewers))
        judged.viewers.clear()

    assert sum(rounds) == MANY
    assert max(rounds) < MANY / 2


def watched(heard: Heard, judged: Judged, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Whoever listens from now on is judged by a guard that notes it."""

    async def noted(guards: object, ctx: object, thing: object) -> object:
        judged.viewers.append(ctx.viewer.user)  # type: ignore[attr-defined]
        return await verdict(guards, ctx, thing)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "verdict", noted)
    return Scene(heard)
