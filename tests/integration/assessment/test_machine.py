"""Thousands of sequences of whatever may be done to attempts; and that errors would be found."""

import pytest
from hypothesis import Phase

from tests.unit.services.assessment.faults import FAULTS, Plant
from tests.unit.services.assessment.machine import ExamMachine, run

SEEDS = range(4)
SEQUENCES = 500
ENOUGH = 2000
"""A fault is found in the first few hundred sequences."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_promised_holds_in_two_thousand_sequences(seed: int) -> None:
    run(ExamMachine, SEQUENCES, seed)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_the_machine_finds_a_planted_fault(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    with pytest.raises(AssertionError):
        run(ExamMachine, ENOUGH, seed=1, phases=[Phase.generate])
