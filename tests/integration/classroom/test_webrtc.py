"""Two WebRTC peers in two processes find each other by the signals of a class, and talk."""

from pathlib import Path

from legacy.monolith.database import Connection
from tests import pair
from tests.faults.watching import environ_of
from tests.figures import Recorder
from tests.integration.classroom.lecture import Lecture, lecture
from tests.integration.classroom.peer import MESSAGES, Peer
from tests.integration.classroom.peers import running
from tests.integration.classroom.relays import relay, relaying
from tests.stack import Stack

CALLER, CALLED = 100, 101


def peer(held: Lecture, user: int, gateways: list[str], **more: object) -> Peer:
    return Peer(gateways, held.bearer(user), held.live_class, **more)  # type: ignore[arg-type]


async def talk(held: Lecture, gateways: list[str], *, relayed: bool = False) -> list[list[str]]:
    """The kinds of candidates by which each of the two talked."""
    called = peer(held, CALLED, gateways[1:], relayed=relayed)
    async with running(called) as one:
        to = await one.until("joined")
        caller = peer(held, CALLER, gateways[:1], to=to, relayed=relayed)
        async with running(caller) as other:
            echoed = await other.until("echoed")
            pairs = [other.told[-1]["pair"], await one.until("pair")]
    assert echoed == [f"word {nth}" for nth in range(MESSAGES)]
    return pairs


async def test_two_peers_at_two_gateways_connect_and_talk(
    held: Lecture, gateways: list[str], figure: Recorder
) -> None:
    pairs = await talk(held, gateways)

    figure("classroom", peers=2, messages_echoed=MESSAGES)
    assert all("relay" not in kinds for kinds in pairs)


async def test_two_peers_connect_by_relays_alone(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    with relay(tmp_path) as turn, relaying(stack, turn, tmp_path) as gateways:
        held = await lecture(stack, monolith_db, 2)

        pairs = await talk(held, gateways, relayed=True)

        granted = turn.allocations()

    figure("classroom", relayed_peers=2, messages_relayed=MESSAGES, allocations=granted)
    assert granted >= 2
    assert pairs == [["relay", "relay"], ["relay", "relay"]]


async def test_a_gateway_killed_between_offer_and_answer_costs_a_call_nothing(
    stack: Stack, held: Lecture, tmp_path: Path, figure: Recorder
) -> None:
    environ, ready = environ_of(stack), "/health/ready"
    with (
        pair.server(tmp_path, "gateway.main", "BANYAN_PORT", ready, environ) as dying,
        pair.server(tmp_path, "gateway.main", "BANYAN_PORT", ready, environ) as living,
    ):
        async with running(peer(held, CALLED, [living.url], waits=True)) as called:
            to = await called.until("joined")
            async with running(peer(held, CALLER, [dying.url, living.url], to=to)) as caller:
                await caller.until("offered")
                await called.until("offer")
                dying.process.kill()
                dying.process.wait()
                await caller.until("gone")
                await called.go_on()

                echoed = await caller.until("echoed")
                await called.until("pair")

    offers = called.times("offer")
    figure("classroom", gateways_killed=1, offers_heard=offers, messages_echoed=len(echoed))
    assert offers == 1
    assert echoed == [f"word {nth}" for nth in range(MESSAGES)]
