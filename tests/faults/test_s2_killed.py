"""S2: a gateway is killed, and whoever comes back to another one learns what became meanwhile."""

from contextlib import suppress
from pathlib import Path

from legacy.monolith.database import Connection
from tests.faults.moving import Subscriber, listening
from tests.faults.one_port import LESSONS, Port, one_port
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.stack import Stack

RETURN_WITHIN_S = 30.0
QUIET_S = 5.0


async def killed(port: Port, second: str, most_s: float) -> list[Subscriber]:
    """Lessons are completed while nobody listens; then all come back."""
    subscribers = port.subscribers(n("S2"))

    async def are_all_gone() -> bool:
        return all(one.ends for one in subscribers)

    async def are_all_told() -> bool:
        return missed(subscribers) == 0

    async with listening(subscribers):
        await port.join(second)
        port.may_return.clear()
        port.first.process.kill()
        await until(are_all_gone, most_s=RETURN_WITHIN_S)
        for nth in range(LESSONS):
            await port.complete(nth)
        port.may_return.set()
        with suppress(TimeoutError):
            await until(are_all_told, most_s=most_s)
    return subscribers


def missed(subscribers: list[Subscriber]) -> int:
    return sum(one.seen[-1] != LESSONS for one in subscribers)


async def test_s2_killed_nobody_misses_what_became(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    async with one_port(stack, monolith_db, tmp_path, n("S2")) as port:
        subscribers = await killed(port, "gateway.main", RETURN_WITHIN_S)

    said = {one.ends[0].code for one in subscribers}
    figure("S2", subscriptions=n("S2"), missed_final_states=missed(subscribers))
    assert said == {None}
    assert missed(subscribers) == 0
    assert all(one.seen == sorted(one.seen) for one in subscribers)


async def test_s2_fails_without_telling_what_is(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    async with one_port(stack, monolith_db, tmp_path, n("S2")) as port:
        subscribers = await killed(port, "tests.faults.telling_changes_alone", QUIET_S)

    figure("S2", missed_without_telling_what_is=missed(subscribers), of=n("S2"))
    assert missed(subscribers) > 0
