"""Which whole answers are kept, and who is told one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from gateway.cache.answers import Answers, Facts
from gateway.cache.fetched import Found
from gateway.cache.reading import CHANGES
from gateway.cache.verdict import Way
from gateway.execution.operation import Operation
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.operation.variables import NO_VARIABLES
from schema.contract import core_schema
from services.contracts.errors import UpstreamTimeout
from services.contracts.freshness import Seen
from services.kit.clock import FakeClock
from services.kit.trail import Trail
from tests.fakes.cached import Process
from tests.fakes.far import FakeFar
from tests.fakes.tenant import NOW, viewer

QUERY = '{ course(id: "one") { title } }'
BODY = b'{"data":{"course":{"title":"Biology"}}}'
NOTHING: Seen = {}
NOW_MS = round(NOW.timestamp() * 1e3)


def operation() -> Operation:
    document = Documents(core_schema()).read(QUERY)
    planned = document.operation(None)
    ask = Ask(query=QUERY)
    return Operation(document.node, planned, ask, NO_VARIABLES, document_hash=document.hash)


@dataclass
class Desk:
    """`side` is where flags send everybody; `made` counts what was executed."""

    side: str = "legacy"
    made: int = 0
    part_made_ms: int = NOW_MS
    part_fresh_until_ms: int = NOW_MS + 60_000
    judged: list[Facts] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.process = Process(FakeFar(self.clock), self.clock)
        self.answers = Answers(self.process.cache, "contract", lambda _: self.side)

    async def ask(
        self, make: Callable[[Trail], Awaitable[None]] | None = None, seen: Seen = NOTHING
    ) -> Found[bytes] | None:
        async def made(trail: Trail) -> tuple[bytes, bool]:
            self.made += 1
            trail.judged("enrolled", ["one"])
            trail.read(["course:acme:1"], self.part_made_ms, 10, 0, self.part_fresh_until_ms)
            if make is not None:
                await make(trail)
            return BODY, True

        who = viewer("acme")
        return await self.answers.read(operation(), who, made, self.may, seen, 5.0)

    async def may(self, facts: Facts) -> bool:
        self.judged.append(facts)
        return True


async def test_the_next_is_told_what_was_made_once_they_are_judged() -> None:
    desk = Desk()
    await desk.ask()

    found = await desk.ask()

    assert found is not None
    assert (found.value, found.way, desk.made) == (BODY, Way.HIT, 1)
    assert desk.judged == [{"enrolled": ["one"]}]


async def test_what_was_made_while_a_flag_was_turned_is_kept_for_nobody() -> None:
    desk = Desk()

    async def turns(trail: Trail) -> None:
        desk.side = "service"

    await desk.ask(turns)
    desk.side = "legacy"
    await desk.ask()

    assert desk.made == 2


async def test_what_was_refused_to_one_is_kept_for_nobody() -> None:
    desk = Desk()

    async def refuses(trail: Trail) -> None:
        trail.is_for_all = False

    await desk.ask(refuses)
    await desk.ask()

    assert desk.made == 2


async def test_who_cannot_be_judged_is_answered_by_themselves() -> None:
    desk = Desk()
    await desk.ask()

    async def fails(facts: Facts) -> bool:
        raise UpstreamTimeout("hung")

    desk.may = fails  # type: ignore[method-assign]

    assert await desk.ask() is None


async def test_who_has_seen_a_change_that_is_not_heard_of_is_answered_by_themselves() -> None:
    desk = Desk()
    await desk.ask()

    assert await desk.ask(seen={CHANGES: 11}) is None
    assert await desk.ask(seen={CHANGES: 10}) is not None


async def test_an_answer_of_old_parts_is_fresh_as_long_as_they_are() -> None:
    desk = Desk(part_made_ms=NOW_MS - 80_000, part_fresh_until_ms=NOW_MS + 15_000)
    await desk.ask()
    told = []

    for _ in range(4):
        desk.clock.advance(4.0)
        desk.process.heard.lives()
        if (found := await desk.ask()) is not None:
            told.append(found.way)

    assert told == [Way.HIT, Way.HIT, Way.HIT, Way.STALE]


async def test_an_answer_is_fresh_for_its_own_time_though_its_parts_are_longer() -> None:
    desk = Desk(part_fresh_until_ms=NOW_MS + 600_000)
    await desk.ask()

    desk.clock.advance(70.0)
    desk.process.heard.lives()
    found = await desk.ask()

    assert found is not None
    assert found.way is Way.STALE
