"""S7: publications are lost for a while; everybody is told how it is in the end all the same."""

import asyncio
from contextlib import suppress

import pytest

from gateway.realtime.hub import Hub
from tests import figures, valkey
from tests.faults.followers import campus, learner, topic_of, until
from tests.faults.proxy import Mode, Proxy
from tests.faults.registry import n
from tests.figures import Recorder

LOST_S = 10.0 if figures.is_full() else 2.0
SOON_S = 20.0


async def missed() -> int:
    """How many do not know how it ended, though Valkey told it while nobody heard."""
    with valkey.server() as server:
        async with (
            Proxy("127.0.0.1", server.port) as proxy,
            campus(f"redis://127.0.0.1:{proxy.port}") as made,
        ):
            await until(lambda: made.hub.is_connected)
            await made.follow(n("S7"))
            proxy.turn(Mode.RESET)
            server.ask("CLIENT", "KILL", "TYPE", "pubsub")
            made.finish()
            heard = sum(
                server.ask("PUBLISH", topic_of(learner(nth)), "{}") for nth in range(n("S7"))
            )
            assert heard == 0
            await asyncio.sleep(LOST_S)
            proxy.turn(Mode.PASS)
            with suppress(AssertionError, TimeoutError):
                await until(lambda: made.informed == n("S7"), SOON_S)
            return n("S7") - made.informed


async def test_s7_whoever_heard_nothing_is_told_the_end(figure: Recorder) -> None:
    lost = await missed()

    figure("S7", listeners=n("S7"), unheard_s=LOST_S, missed_final_states=lost)
    assert lost == 0


async def test_s7_a_connection_that_was_renewed_unsaid_is_noticed(figure: Recorder) -> None:
    with valkey.server() as server:
        async with campus(server.url) as made:
            await until(lambda: made.hub.is_connected)
            await made.follow(n("S7") // 10)
            made.finish()
            server.ask("CLIENT", "KILL", "TYPE", "pubsub")
            await until(lambda: made.informed == n("S7") // 10, SOON_S)

    figure("S7", told_after_a_renewed_connection=made.informed)


async def test_s7_fails_without_a_look_at_all_behind_the_silence(
    figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "_doubt", lambda hub, topics: None)
    monkeypatch.setattr("tests.faults.test_s7_lost_publications.SOON_S", 3.0)

    lost = await missed()

    figure("S7", missed_final_states_without_a_look=lost)
    assert lost == n("S7")
