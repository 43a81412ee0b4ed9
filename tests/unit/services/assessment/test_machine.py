"""Whatever is done to attempts, in whatever order: what is promised to learners holds."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.unit.services.assessment.machine import ExamMachine

STEPS, SEQUENCES = 30, 200


def test_what_is_promised_holds_whatever_is_done() -> None:
    bounds = settings(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
    )

    run_state_machine_as_test(ExamMachine, settings=bounds)
