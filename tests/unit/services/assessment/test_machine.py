"""Whatever is done to attempts, in whatever order: what is promised to learners holds."""

from tests.unit.services.assessment.machine import ExamMachine, run

SEQUENCES = 200


def test_what_is_promised_holds_whatever_is_done() -> None:
    run(ExamMachine, SEQUENCES, seed=1)
