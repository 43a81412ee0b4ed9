"""Whatever is asked, compiled operations and graphql-core answer the same."""

import pytest

from tests.execution.cases import CASES
from tests.figures import Recorder, is_full

SMALL, FULL = {"nasty": 900, "contract": 600}, {"nasty": 14_000, "contract": 6_000}


@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("schema", CASES)
async def test_both_executors_answer_the_same(schema: str, figure: Recorder) -> None:
    count = (FULL if is_full() else SMALL)[schema]

    tally = await CASES[schema](count, "one")

    figure("execution", **tally.figures())
    assert tally.different == []
    assert tally.not_compiled.total() <= count / 100, tally.not_compiled
