"""A side is picked by what was decided, and one request stays with it."""

from pathlib import Path

import pytest

from flags.change import Change
from flags.client import Flags
from flags.decide import Decision, Decisions
from flags.names import COURSE_READ, PROGRESS_READ, Side
from flags.route import route
from tests.unit.flags.people import viewer


@pytest.mark.parametrize(("side", "picked"), [(Side.LEGACY, "old"), (Side.SERVICE, "new")])
def test_the_side_decided_on_is_picked(side: Side, picked: str) -> None:
    decisions = Decisions({PROGRESS_READ: Decision(side, "a test says so")})

    assert route(decisions, PROGRESS_READ, legacy="old", service="new") == picked


def test_an_undecided_capability_is_a_mistake_of_ours() -> None:
    decisions = Decisions({PROGRESS_READ: Decision(Side.SERVICE, "a test says so")})

    with pytest.raises(KeyError):
        route(decisions, COURSE_READ, legacy="old", service="new")


def test_a_flip_in_the_middle_of_a_request_waits_for_the_next(tmp_path: Path) -> None:
    flags = Flags(tmp_path)
    this, learner = flags.decide(viewer("northfield", 4)), viewer("northfield", 4)

    Change(PROGRESS_READ, 100).applied(tmp_path)
    flags.refresh()

    assert route(this, PROGRESS_READ, legacy="old", service="new") == "old"
    assert route(flags.decide(learner), PROGRESS_READ, legacy="old", service="new") == "new"


def test_decisions_cannot_be_changed() -> None:
    made = {PROGRESS_READ: Decision(Side.LEGACY, "a test says so")}
    decisions = Decisions(made)

    made[PROGRESS_READ] = Decision(Side.SERVICE, "changed")

    assert decisions.side(PROGRESS_READ) is Side.LEGACY
    assert not hasattr(decisions, "__setitem__")
