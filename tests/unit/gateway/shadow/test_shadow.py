"""The service is asked beside the monolith: never in its way, never for those not named."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flags.client import Flags
from flags.file import FlagFile
from flags.names import PROGRESS_READ, Capability, shadow_of
from flags.rollout import Rollout, feature_of
from gateway.shadow.asked import Asked, Named
from gateway.shadow.judging import Asking, AtOnePosition, Judged, Verdict
from gateway.shadow.shadow import LATER_S, Shadow
from resolvers.ports import Sources
from services.contracts.errors import UpstreamTimeout
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import LEARNER, add_tenant, course_id, lesson_id, viewer
from tests.integration.monolith.waiting import until

CLOCK = SystemClock()
COURSE = course_id("acme")
ANNA = viewer("acme")


def platform() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme")
    return made


@dataclass
class Noted:
    found: list[Judged] = field(default_factory=list)
    asked: list[tuple[str, Capability]] = field(default_factory=list)
    dropped_: int = 0

    def judged(self, asked: Named, judged: Judged) -> None:
        self.found.append(judged)
        self.asked.append((asked.name, asked.capability))

    def dropped(self, capability: Capability) -> None:
        self.dropped_ += 1

    @property
    def verdicts(self) -> list[Verdict]:
        return [one.verdict for one in self.found]


@dataclass
class Reached:
    """Whether the service is there; `then` happens while that is waited for."""

    answers: bool = True
    then: Any = None
    asked: list[str] = field(default_factory=list)

    async def reached(self, service: str, deadline: Deadline) -> bool:
        self.asked.append(service)
        if self.then is not None:
            self.then()
        return self.answers


class Hanging:
    """A judge that waits until it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def judged(self, asked: Asked, old: Any) -> Judged:
        await self.go.wait()
        return Judged(Verdict.SAME, asked.compare(old, old))


def flags(home: Path, percent: int = 100) -> Flags:
    feature = feature_of(shadow_of(PROGRESS_READ), Rollout(percent))
    FlagFile(home).change(lambda _: [feature])
    return Flags(home)


def judge(legacy: Sources, service: Sources, positions: Reached) -> AtOnePosition:
    return AtOnePosition(Asking(legacy, service, CLOCK, 1.0), positions, pause_s=0.0)


async def ask(shadow: Shadow) -> Any:
    caller = Caller(ANNA, Deadline.within(CLOCK, 1.0))
    return await shadow.answer(
        PROGRESS_READ, "mine", caller, lambda side, own: side.progress.mine(own, [COURSE])
    )


async def settled(noted: Noted) -> None:
    async def is_noted() -> bool:
        return bool(noted.found or noted.dropped_)

    await until(is_noted)


async def compared(
    home: Path, legacy: FakePlatform, service: FakePlatform, positions: Reached
) -> Noted:
    noted, old, new = Noted(), sources_of(legacy), sources_of(service)
    shadow = Shadow(old, flags(home), judge(old, new, positions), noted)
    await ask(shadow)
    await settled(noted)
    await shadow.close()
    return noted


def complete(platform: FakePlatform, number: int = 1) -> None:
    platform.done.add((("acme", LEARNER), lesson_id("acme", number)))


async def test_what_both_say_is_compared_with_one_call(tmp_path: Path) -> None:
    positions = Reached()

    noted = await compared(tmp_path, platform(), platform(), positions)

    assert noted.verdicts == [Verdict.SAME]
    assert positions.asked == []


async def test_what_else_a_page_asks_for_goes_before(tmp_path: Path) -> None:
    now_s = asyncio.get_running_loop().time
    judging_s: list[float] = []

    class Watched(Hanging):
        async def judged(self, asked: Asked, old: Any) -> Judged:
            judging_s.append(now_s())
            return await super().judged(asked, old)

    shadow = Shadow(sources_of(platform()), flags(tmp_path), Watched(), Noted())
    await ask(shadow)
    answered_s = now_s()
    await until(lambda: _has(judging_s))
    await shadow.close()

    assert judging_s[0] - answered_s >= LATER_S / 2


async def _has(moments: list[float]) -> bool:
    return bool(moments)


async def test_what_differs_at_one_position_differs(tmp_path: Path) -> None:
    legacy, positions = platform(), Reached()
    complete(legacy)

    noted = await compared(tmp_path, legacy, platform(), positions)

    assert noted.verdicts == [Verdict.DIFFERS]
    assert [one.path for one in noted.found[0].found.differences] == ["Progress.completed"]
    assert positions.asked == ["progress"]


async def test_a_service_that_does_not_come_up_is_behind(tmp_path: Path) -> None:
    legacy = platform()
    complete(legacy)

    noted = await compared(tmp_path, legacy, platform(), Reached(answers=False))

    assert noted.verdicts == [Verdict.LAG]


async def test_a_service_that_comes_up_meanwhile_was_behind(tmp_path: Path) -> None:
    legacy, service = platform(), platform()
    complete(legacy)

    noted = await compared(tmp_path, legacy, service, Reached(then=lambda: complete(service)))

    assert noted.verdicts == [Verdict.LAG]


async def test_a_monolith_that_goes_on_is_asked_until_it_stands_still(tmp_path: Path) -> None:
    legacy, positions = platform(), Reached()
    complete(legacy)
    positions.then = lambda: complete(legacy, 2)

    noted = await compared(tmp_path, legacy, platform(), positions)

    assert noted.verdicts == [Verdict.DIFFERS]
    assert len(positions.asked) == 2


async def test_a_service_that_does_not_answer_is_not_behind(tmp_path: Path) -> None:
    service, positions = platform(), Reached(answers=False)
    service.broken[COURSE] = UpstreamTimeout.refusal

    noted = await compared(tmp_path, platform(), service, positions)

    assert noted.verdicts == [Verdict.DIFFERS]
    assert positions.asked == []


async def test_nobody_waits_for_a_service_that_hangs_and_only_so_many_are_asked_for(
    tmp_path: Path,
) -> None:
    noted, hanging = Noted(), Hanging()
    shadow = Shadow(sources_of(platform()), flags(tmp_path), hanging, noted, most_at_once=2)

    async with asyncio.timeout(5):
        answers = [await ask(shadow) for _ in range(5)]

    assert [one[0].total for one in answers] == [answers[0][0].total] * 5
    assert (noted.found, noted.dropped_) == ([], 3)
    await shadow.close()


async def test_those_not_in_the_shadow_are_not_compared(tmp_path: Path) -> None:
    noted = Noted()
    shadow = Shadow(sources_of(platform()), flags(tmp_path, percent=0), Hanging(), noted, 0)

    await ask(shadow)

    assert noted.dropped_ == 0


async def test_close_ends_what_is_under_way(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    shadow = Shadow(sources_of(platform()), flags(tmp_path), Hanging(), Noted())
    await ask(shadow)

    await shadow.close()

    assert asyncio.all_tasks() == before
