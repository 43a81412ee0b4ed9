"""Everything about attempts of a fake platform."""

from tests.fakes.answering import FakeAnswering
from tests.fakes.grading import FakeGrading
from tests.fakes.starting import FakeStarting
from tests.fakes.supervising import FakeSupervising


class FakeAttempts(FakeStarting, FakeAnswering, FakeSupervising, FakeGrading):
    """The ports Attempts, Attempting and Supervising, with the new side's outcomes."""
