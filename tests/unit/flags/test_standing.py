"""How far a capability has moved, and what holding it back does to decisions."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flags.change import Change
from flags.client import Flags
from flags.hold import Hold
from flags.names import COURSE_READ, PROGRESS_READ, Side
from flags.standing import Standing
from services.contracts.status import RouteMode
from tests.unit.flags.people import MANY, viewer, with_the_service

SINCE = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def held(percent: int = 0) -> dict[str, Hold]:
    return {PROGRESS_READ.name: Hold(PROGRESS_READ.name, SINCE, "21 % errors", percent)}


def moved(home: Path, percent: int, compared: int | None = None) -> Flags:
    Change(PROGRESS_READ, percent, compared=compared).applied(home)
    return Flags(home)


def standing(flags: Flags) -> Standing:
    return next(one for one in flags.standing() if one.capability is PROGRESS_READ)


@pytest.mark.parametrize(
    ("percent", "compared", "mode"),
    [
        (0, 0, RouteMode.LEGACY),
        (0, 5, RouteMode.SHADOW),
        (1, 0, RouteMode.CANARY),
        (99, 100, RouteMode.CANARY),
        (100, 0, RouteMode.SERVICE),
    ],
)
def test_a_mode_follows_from_the_percentages(
    tmp_path: Path, percent: int, compared: int, mode: RouteMode
) -> None:
    found = standing(moved(tmp_path, percent, compared))

    assert (found.mode, found.percent) == (mode, percent)


def test_a_tenant_of_its_own_makes_it_a_canary(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"northfield": {}}')
    Change(PROGRESS_READ, 100, "northfield").applied(tmp_path)

    assert standing(Flags(tmp_path)).mode is RouteMode.CANARY


def test_what_is_held_back_is_answered_by_the_monolith_and_says_why(tmp_path: Path) -> None:
    flags = moved(tmp_path, 100)
    assert flags.decide(viewer("northfield", 4)).side(PROGRESS_READ) is Side.SERVICE

    flags.hold(held())

    decision = flags.decide(viewer("northfield", 4))[PROGRESS_READ]
    assert (decision.side, decision.rule) == (
        Side.LEGACY,
        "rolled back at 12:30:00 UTC: 21 % errors",
    )
    assert standing(flags).mode is RouteMode.ROLLED_BACK


def test_a_hold_is_of_its_capability_alone_and_ends(tmp_path: Path) -> None:
    Change(COURSE_READ, 100).applied(tmp_path)
    flags = moved(tmp_path, 100)
    flags.hold(held())
    somebody = viewer("northfield", 4)
    assert flags.decide(somebody).side(COURSE_READ) is Side.SERVICE

    flags.hold({})

    assert flags.decide(somebody).side(PROGRESS_READ) is Side.SERVICE


def test_those_who_come_back_first_stay_back(tmp_path: Path) -> None:
    flags = moved(tmp_path, 100)
    flags.hold(held(10))
    at_10 = with_the_service(flags, "northfield")

    flags.hold(held(50))

    assert 0.08 <= len(at_10) / MANY <= 0.12
    assert at_10 < with_the_service(flags, "northfield")


def test_a_hold_lets_nobody_in_whom_the_flag_keeps_out(tmp_path: Path) -> None:
    flags = moved(tmp_path, 30)
    let_in = with_the_service(flags, "northfield")

    flags.hold(held(100))

    assert with_the_service(flags, "northfield") == let_in


def test_a_hold_outlives_a_change_of_the_file(tmp_path: Path) -> None:
    flags = moved(tmp_path, 100)
    flags.hold(held())
    Change(COURSE_READ, 100).applied(tmp_path)

    flags.refresh()

    assert flags.decide(viewer("northfield", 4)).side(PROGRESS_READ) is Side.LEGACY


def test_only_those_of_the_monolith_are_compared(tmp_path: Path) -> None:
    flags = moved(tmp_path, 50, compared=100)

    for n in range(100):
        decisions = flags.decide(viewer("northfield", n))
        is_legacy = decisions.side(PROGRESS_READ) is Side.LEGACY
        assert decisions.shadows(PROGRESS_READ) == is_legacy
