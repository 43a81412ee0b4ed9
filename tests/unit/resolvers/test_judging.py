"""Guards judge each parent in turn: the first refusal of each stands."""

from collections.abc import Sequence
from typing import Any

import pytest

from resolvers.context import Context, Knowing
from resolvers.guards import Guard, Verdicts, judge
from services.contracts.errors import FORBIDDEN, HIDDEN, UNAUTHENTICATED, Refused
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import viewer
from tests.unit.resolvers.guarded import asking


class Asked:
    """A guard that refuses some, and whom it was asked about."""

    def __init__(self, refusal: Refused, *refused: str) -> None:
        self.parents: list[list[str]] = []
        self._refusal = refusal
        self._refused = refused
        self.guard = Guard("asked", self._judge)

    def _judge(self, ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
        self.parents.append(list(parents))
        return [self._refusal if parent in self._refused else None for parent in parents]


@pytest.fixture
def ctx() -> Context:
    return asking(FakePlatform(), viewer("acme"))


async def test_the_first_refusal_of_each_stands(ctx: Context) -> None:
    first, second = Asked(HIDDEN, "b"), Asked(FORBIDDEN, "a", "b")

    verdicts = await judge([first.guard, second.guard], ctx, ["a", "b", "c"])

    assert verdicts == [FORBIDDEN, HIDDEN, None]
    assert second.parents == [["a", "c"]]


async def test_where_all_are_refused_nobody_is_judged_further(ctx: Context) -> None:
    first, second = Asked(HIDDEN, "a"), Asked(FORBIDDEN)

    assert await judge([first.guard, second.guard], ctx, ["a"]) == [HIDDEN]
    assert second.parents == []


async def test_of_nobody_no_guard_is_asked(ctx: Context) -> None:
    guard = Asked(HIDDEN)

    assert await judge([guard.guard], ctx, []) == []
    assert guard.parents == []


async def test_whoever_did_not_sign_in_is_judged_by_no_guard(ctx: Context) -> None:
    nobody = asking(FakePlatform(), None)
    guard = Asked(HIDDEN)

    assert await judge([guard.guard], nobody, ["a", "b"]) == [UNAUTHENTICATED] * 2
    assert guard.parents == []


@pytest.mark.parametrize("told", [[], [None], [None] * 3])
async def test_a_guard_that_does_not_judge_each_lets_nobody_through(
    ctx: Context, told: Verdicts
) -> None:
    careless = Guard("careless", lambda ctx, parents: told)

    with pytest.raises(RuntimeError, match="careless"):
        await judge([careless], ctx, ["a", "b"])
