"""Whether a member still may is judged anew where something was heard of them, or long ago."""

import pytest

from gateway.realtime import asked as module
from schema.following import verdict
from services.contracts.changes import enrolments_tag
from tests.fakes.listening import settled
from tests.unit.gateway.following import Heard, Scene


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
        scene.hall.clock.advance(5.0)
    heard.is_deaf = how == "deaf"
    scene.status.tell(1)
    await settled()

    assert set(judged.viewers) == {"0", "1", "2"}


def watched(heard: Heard, judged: Judged, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Whoever listens from now on is judged by a guard that notes it."""

    async def noted(guards: object, ctx: object, thing: object) -> object:
        judged.viewers.append(ctx.viewer.user)  # type: ignore[attr-defined]
        return await verdict(guards, ctx, thing)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "verdict", noted)
    return Scene(heard)
