"""S10: a subscription fails, or its client leaves amid it: one error, an end, and nothing left."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from gateway.realtime.group import Group
from tests import valkey
from tests.fakes.sources import FakeProgress
from tests.faults.followers import Campus, campus, learner, topic_of, until
from tests.faults.registry import n
from tests.figures import Recorder


async def broken(made: Campus, server: valkey.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source fails at the next event; every other client leaves while it is read."""
    reading, goes_on = asyncio.Event(), asyncio.Event()

    async def fail(*given: Any) -> None:
        reading.set()
        await goes_on.wait()
        raise RuntimeError("db password=secret")

    monkeypatch.setattr(FakeProgress, "mine", fail)
    for nth in range(n("S10")):
        server.ask("PUBLISH", topic_of(learner(nth)), "{}")
    await reading.wait()
    for one in made.members[::2]:
        made.hall.groups.leave(one)
    goes_on.set()
    await until(lambda: all(one.is_over for one in made.members[1::2]))


async def left_behind(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    with valkey.server() as server:
        before = len(asyncio.all_tasks())
        async with campus(server.url) as made:
            await until(lambda: made.hub.is_connected)
            await made.follow(n("S10"))
            idle = len(asyncio.all_tasks()) - before
            held = topics(server)
            await broken(made, server, monkeypatch)
            await asyncio.sleep(0.5)
            told = Counter(tuple(one.codes) for one in made.members[1::2])
            untold = sum(len(one.heard) for one in made.members[::2]) - len(made.members[::2])
            said = str([one.heard for one in made.members])
            return {
                "held": held,
                "idle_tasks": idle,
                "told": told,
                "told_after_leaving": untold,
                "leaked_secrets": said.count("secret"),
                "leaked_subscriptions": topics(server),
                "leaked_groups": made.hall.groups.total,
                "leaked_tasks": len(asyncio.all_tasks()) - before - HUB,
            }


HUB = 3
"""Tasks of a hub: one that runs it, one that says, one that hears."""


def topics(server: valkey.Server) -> int:
    """By Valkey's own count."""
    return len(server.ask("PUBSUB", "CHANNELS", "progress:*"))


async def test_s10_nothing_is_left_of_what_fails_and_of_who_leaves(
    figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await left_behind(monkeypatch)

    told = found.pop("told")
    figure("S10", subscriptions=n("S10"), one_error=told[("INTERNAL",)], **found)
    assert told == {("INTERNAL",): n("S10") // 2}
    assert (found.pop("held"), found.pop("idle_tasks")) == (n("S10"), HUB)
    assert set(found.values()) == {0}


async def test_s10_fails_without_a_farewell_to_the_source(
    figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stay(group: Group, member: Any) -> None:
        member.group = None

    monkeypatch.setattr(Group, "part", stay)

    found = await left_behind(monkeypatch)

    figure("S10", leaked_subscriptions_without_a_farewell=found["leaked_subscriptions"])
    assert found["leaked_subscriptions"] == n("S10")
