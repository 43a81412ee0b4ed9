"""The comparison finds the faults that a compiler may have, so that it is believed without any."""

import pytest

from tests.execution.cases import over_nasty
from tests.execution.planted import FAULTS
from tests.figures import Recorder

STEP, MOST, EVILS = 10, 2_000, [0.02, 0.15, 0.3]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found(
    fault: str, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    FAULTS[fault](monkeypatch)

    operations = await until_found()

    figure("execution", operations_until_found=operations)
    assert operations <= MOST


async def until_found() -> int:
    """After how many operations an answer was not the same."""
    for operations in range(STEP, MOST + STEP, STEP):
        tally = await over_nasty(STEP, f"planted {operations}", EVILS)
        if tally.different:
            return operations
    return MOST + 1
