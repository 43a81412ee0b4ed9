"""What one level asks of one source, it is asked once for, from whichever branch: on both."""

import asyncio
from typing import Any

import pytest

from gateway.execution.compiled.together import Together
from tests.execution.script import Script, ask, sheep, wolf

SAID = {
    "Query.wolf": wolf("w", friend=sheep("f")),
    "Query.being": sheep("b"),
    "Being.rank": 1,
    "Wolf.mate": wolf("m"),
    "Wolf.cubs": [wolf("c"), wolf("d")],
}


@pytest.mark.parametrize(
    ("query", "marks", "most"),
    [
        ('{ wolf { friend { rank } } being(id: "x") { rank } }', "b f", 1),
        ("{ wolf { mate { rank } cubs { rank } } }", "c d m", 1),
        ("{ wolf { rank mate { rank } cubs { rank } } }", "c d m w", 2),
        ("{ a: wolf { rank } b: wolf { rank friend { rank } } }", "f w w", 1),
    ],
)
async def test_branches_that_ask_for_the_same_at_once_ask_together(
    query: str, marks: str, most: int
) -> None:
    script = Script(SAID)

    await ask(script, query)

    ranks = [line.removeprefix("Being.rank ") for line in script.log if "rank" in line]
    assert len(ranks) <= most
    assert sorted(" ".join(ranks).split()) == marks.split()


async def test_each_gets_its_own_items_of_what_was_asked_together() -> None:
    together, fetched = Together(), []

    async def fetch(things: list[Any]) -> list[Any]:
        fetched.append(list(things))
        return [thing * 10 for thing in things]

    found = await asyncio.gather(*(together.ask("x", [n, n + 1], fetch) for n in (1, 3, 5)))

    assert found == [[10, 20], [30, 40], [50, 60]]
    assert fetched == [[1, 2, 3, 4, 5, 6]]


async def test_what_is_ended_leaves_nobody_waiting() -> None:
    together = Together()

    async def fetch(things: list[Any]) -> list[Any]:
        raise KeyError("unforeseen")

    found = await asyncio.gather(
        *(together.ask("x", [n], fetch) for n in (1, 2)), return_exceptions=True
    )

    assert [type(one) for one in found] == [KeyError, asyncio.CancelledError]
