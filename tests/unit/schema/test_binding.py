"""A field is answered once for all parents; each parent is judged by itself."""

from collections.abc import Sequence

import pytest

from resolvers.context import Context, Knowing, context_for
from resolvers.guards import Guard, Verdicts
from schema.answering import BatchField, answer
from services.contracts.errors import FORBIDDEN, HIDDEN, Refused, UpstreamTimeout
from services.kit.clock import FakeClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, viewer


def context() -> Context:
    clock = FakeClock(NOW)
    sources = sources_of(FakePlatform())
    return context_for(viewer("acme"), clock, 1.0, sources, CONSISTENCY)


def judge_even(ctx: Knowing, parents: Sequence[int]) -> Verdicts:
    return [None if parent % 2 == 0 else FORBIDDEN for parent in parents]


EVEN = Guard("even", judge_even)
NOBODY = Guard("nobody", lambda ctx, parents: [HIDDEN] * len(parents))


class Doubling:
    """Doubles each parent, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def __call__(self, ctx: Context, parents: Sequence[int]) -> list[int]:
        self.asked.append(list(parents))
        return [2 * parent for parent in parents]


async def test_all_parents_are_answered_by_one_call() -> None:
    double = Doubling()

    items = await answer(BatchField(double, (EVEN,)), context(), [2, 4, 6], {})

    assert items == [4, 8, 12]
    assert double.asked == [[2, 4, 6]]


async def test_a_forbidden_parent_is_one_bad_item_and_is_never_fetched() -> None:
    double = Doubling()

    items = await answer(BatchField(double, (EVEN,)), context(), [2, 3, 4], {})

    assert items == [4, FORBIDDEN, 8]
    assert double.asked == [[2, 4]]


async def test_without_its_guard_the_forbidden_parent_is_answered() -> None:
    items = await answer(BatchField(Doubling(), ()), context(), [2, 3, 4], {})

    assert items == [4, 6, 8]


async def test_the_first_refusal_of_several_guards_counts() -> None:
    items = await answer(BatchField(Doubling(), (EVEN, NOBODY)), context(), [2, 3], {})

    assert items == [HIDDEN, FORBIDDEN]


async def test_what_was_found_is_judged_too() -> None:
    async def found(ctx: Context, ids: Sequence[int]) -> list[int | Refused]:
        return [HIDDEN if one == 0 else one + 1 for one in ids]

    items = await answer(BatchField(found, (), (EVEN,)), context(), [0, 1, 2], {})

    assert items == [HIDDEN, 2, FORBIDDEN]


async def test_nobody_to_answer_means_no_call() -> None:
    double = Doubling()

    await answer(BatchField(double, (NOBODY,)), context(), [1, 2], {})

    assert double.asked == []


async def test_a_failed_upstream_refuses_its_own_items() -> None:
    async def fails(ctx: Context, parents: Sequence[int]) -> list[int]:
        raise UpstreamTimeout("legacy")

    items = await answer(BatchField(fails, ()), context(), [1, 2], {})

    assert items == [UpstreamTimeout.refusal] * 2


async def test_a_source_that_answers_too_few_items_is_an_error_of_ours() -> None:
    async def short(ctx: Context, parents: Sequence[int]) -> list[int]:
        return [1]

    with pytest.raises(RuntimeError, match="1 items for 2"):
        await answer(BatchField(short, ()), context(), [1, 2], {})
