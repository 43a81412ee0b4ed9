"""S4: sockets that never introduce themselves are few, and gone after 3 s; good clients come in."""

import asyncio
from pathlib import Path

import psutil

from gateway.transport.bounds import Bounds
from services.kit.settings import Settings
from tests.faults.registry import n
from tests.faults.silent import Crowd
from tests.figures import Recorder
from tests.learner import token
from tests.stack import Stack
from tests.subscription import subscription
from tests.unit.gateway.test_websocket import Door

CROWDED, OWN = "127.0.0.66", "127.0.0.1"
GOOD = 20
KB_A_SOCKET = 60
NOISE_KB = 20_000
"""What a gateway that answers others meanwhile takes and gives back."""


def gateways(stack: Stack) -> list[psutil.Process]:
    children = psutil.Process(stack.process.pid).children(recursive=True)
    return [one for one in children if "gateway.main" in " ".join(one.cmdline())]


def rss_kb(stack: Stack) -> int:
    return sum(process.memory_info().rss for process in gateways(stack)) // 1_000


async def connects(stack: Stack, user: int) -> bool:
    """A viewer of their own, whose socket answers a query."""
    bearer = token(stack.home, "ministry", user)
    async with subscription(stack.gateway, bearer, "{ __typename }") as events:
        return bool(await events.next() == {"__typename": "Query"})


async def test_s4_silent_sockets_are_few_and_good_clients_connect(
    stack: Stack, figure: Recorder
) -> None:
    crowd = Crowd(stack.gateway.replace("http", "ws", 1) + "/graphql", CROWDED)
    workers, cap = Settings().workers, Bounds().strangers_an_address
    before_kb = rss_kb(stack)

    async with asyncio.TaskGroup() as tasks:
        coming = tasks.create_task(crowd.come(n("S4")))
        good = [await connects(stack, 1_000 + user) for user in range(GOOD)]
        await coming
    grown_kb = rss_kb(stack) - before_kb
    await crowd.wait_until_closed()
    await crowd.leave()

    opened = n("S4")
    figure("S4", opened=opened, held_at_once=crowd.held, cap_of_all_processes=cap * workers)
    figure("S4", closed_4408=crowd.closed[4408], refused_429=crowd.refused[429])
    figure("S4", good_clients=GOOD, good_clients_refused=GOOD - sum(good), grown_kb=grown_kb)
    assert all(good)
    assert crowd.held <= cap * workers
    assert set(crowd.closed) == {4408}
    assert crowd.closed[4408] + crowd.refused[429] == opened
    assert crowd.refused[429] > 0
    assert grown_kb <= cap * workers * KB_A_SOCKET + NOISE_KB


async def test_s4_fails_without_a_cap(tmp_path: Path, figure: Recorder) -> None:
    many = 4 * Bounds().strangers_an_address
    door = Door(tmp_path, strangers_an_address=many, init_wait_s=20.0)

    async with door.opened():
        crowd = Crowd(door.url, OWN)
        await crowd.come(many)
        held = door.endpoint.crowd.strangers.total
        await crowd.leave()

    figure("S4", held_without_a_cap=held, of=many)
    assert held == many


async def test_s4_fails_without_a_wait_that_ends(tmp_path: Path, figure: Recorder) -> None:
    """By other servers' minute a silent socket is still there when ours is gone."""
    door = Door(tmp_path, init_wait_s=60.0)

    async with door.opened():
        crowd = Crowd(door.url, OWN)
        await crowd.come(GOOD)
        await asyncio.sleep(Bounds().init_wait_s + 0.5)
        held = door.endpoint.crowd.strangers.total
        await crowd.leave()

    figure("S4", held_after_3_s_without_our_wait=held, of=GOOD)
    assert held == GOOD
