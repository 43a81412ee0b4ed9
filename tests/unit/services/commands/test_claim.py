"""A key stands for one thing only: what is said, and what is to be done with it."""

from services.commands.idempotency import Claim
from services.contracts.progress_api import CompleteLesson
from tests.fakes.tenant import viewer


def digest(name: str = "complete-lesson", lesson: int = 3) -> bytes:
    return Claim.of(viewer("a"), "key", name, CompleteLesson(lesson)).digest


def test_the_same_said_again_has_the_same_digest() -> None:
    assert digest() == digest()


def test_another_body_or_another_command_has_another_digest() -> None:
    assert len({digest(), digest(lesson=4), digest(name="reopen-lesson")}) == 3
