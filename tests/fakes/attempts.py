"""Everything about attempts of a fake platform."""

from tests.fakes.answering import FakeAnswering
from tests.fakes.starting import FakeStarting
from tests.fakes.supervising import FakeSupervising


class FakeAttempts(FakeStarting, FakeAnswering, FakeSupervising):
    """The ports Attempts, Attempting and Supervising, with the new side's outcomes."""
