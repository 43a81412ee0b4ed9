"""A sick capability is held, tried, and brought back by steps; nothing of it hurries."""

from datetime import UTC, datetime

import pytest

from flags.budget import Budget
from flags.health import Counts
from flags.rollback import NEVER, Pace, Phase, Seen, State, advance, held, tried

BUDGET, PACE = Budget(), Pace()
WELL = Seen(Counts(100, 0), Counts(600, 0))
SICK = Seen(Counts(100, 30), Counts(600, 180))
IDLE = Seen()
T0 = 1_800_000_000.0


def way(state: State, seen: Seen, seconds: int, start_s: float) -> list[tuple[int, int]]:
    """What it becomes while a service is as seen, each half second: when, and how many percent."""
    steps = []
    for half in range(seconds * 2):
        total = Counts(*(round(one * half / 120) for one in seen.long))
        told = Seen(seen.short, seen.long, total)
        new = advance(state, start_s + half / 2, told, BUDGET, PACE)
        if new is not state:
            steps.append((round(start_s + half / 2 - T0), new.percent))
        state = new
    return steps


def fallen(at_s: float = T0) -> State:
    return advance(NEVER, at_s, SICK, BUDGET, PACE)


def test_a_sick_one_is_held_at_once_and_says_why() -> None:
    state = fallen()

    assert (state.phase, state.percent, state.hold_s) == (Phase.HELD, 0, PACE.hold_s)
    hold = state.hold("progress.read")
    assert hold is not None
    assert hold.since == datetime.fromtimestamp(T0, UTC)
    assert "30 of 100 calls failed in 10 s" in hold.told()


@pytest.mark.parametrize("seen", [WELL, IDLE])
def test_one_within_its_budget_stays_as_it_is(seen: Seen) -> None:
    assert advance(NEVER, T0, seen, BUDGET, PACE) is NEVER


def test_one_that_is_well_again_comes_back_by_steps() -> None:
    steps = way(fallen(), WELL, 1_000, T0)

    # The probe lasts until nobody can say that it went to and fro.
    assert steps == [(60, 1), (300, 10), (360, 50), (420, 100)]


def test_one_that_stays_sick_where_it_is_still_asked_is_not_even_tried() -> None:
    steps = way(fallen(), SICK, 1_000, T0)

    assert steps == [(60, 0), (180, 0), (420, 0), (900, 0)]


def test_a_sick_step_goes_back_to_nobody_and_is_held_twice_as_long() -> None:
    probed = tried(fallen(), T0 + 60, PACE.probe)

    again = advance(probed, T0 + 70, SICK, BUDGET, PACE)

    assert (again.percent, again.hold_s, again.began_s) == (0, 2 * PACE.hold_s, T0)
    assert again.fell_s == T0
    later = advance(tried(again, T0 + 500, 50), T0 + 510, SICK, BUDGET, PACE)
    assert later.fell_s == T0 + 510


def test_a_hold_has_an_end_however_often_it_is_doubled() -> None:
    state = fallen()
    for nth in range(20):
        state = held(tried(state, T0 + nth, 1), T0 + nth, "sick", PACE)

    assert state.hold_s == PACE.most_hold_s


def test_whoever_falls_again_soon_is_held_longer_and_after_long_as_at_first() -> None:
    back = tried(fallen(), T0 + 420, 100)

    soon = advance(back, T0 + 500, SICK, BUDGET, PACE)
    late = advance(back, T0 + 421 + PACE.forget_s, SICK, BUDGET, PACE)

    assert (soon.hold_s, late.hold_s) == (2 * PACE.hold_s, PACE.hold_s)
    assert soon.began_s == T0 + 500


def test_a_step_that_nobody_asks_at_goes_on_when_it_has_waited_long_enough() -> None:
    steps = way(fallen(), IDLE, 2_000, T0)

    assert steps == [(60, 1), (360, 10), (660, 50), (960, 100)]


def test_a_step_that_fails_more_than_it_may_does_not_go_on_though_it_may_be_chance() -> None:
    state, doubtful = tried(fallen(), T0, 10), Seen(Counts(10, 1), Counts(40, 3))

    assert way(state, doubtful, 120, T0) == []


def test_what_is_held_by_hand_waits_for_a_hand() -> None:
    state = held(NEVER, T0, "a drill", PACE, by_hand=True)

    assert way(state, WELL, 5_000, T0) == []
    assert way(tried(state, T0, PACE.probe), WELL, 1_000, T0)[-1] == (420, 100)


def test_without_a_budget_nothing_is_sick_and_what_is_held_comes_back() -> None:
    assert advance(NEVER, T0, SICK, None, PACE) is NEVER
    state = tried(fallen(), T0, 50)
    assert advance(state, T0 + PACE.starved_s, SICK, None, PACE).phase is Phase.OPEN


def test_each_change_is_a_turn() -> None:
    state = fallen()
    turns = [state.turn]
    for nth in range(500):
        seen = Seen(WELL.short, WELL.long, Counts(calls=10 * nth))
        state = advance(state, T0 + nth, seen, BUDGET, PACE)
        turns.append(state.turn)

    assert sorted(set(turns)) == [1, 2, 3, 4, 5]
    assert state.hold("progress.read") is None


def test_few_who_ask_now_and_then_prove_as_much_as_many_at_once() -> None:
    """One call in four seconds, of which a fifth fails: no window ever shows enough of them."""
    state = tried(fallen(), T0 + 60, PACE.probe)
    for nth in range(1, 300):
        total = Counts(nth, nth // 5)
        state = advance(state, T0 + 60 + 4 * nth, Seen(total=total), BUDGET, PACE)

        assert state.percent <= PACE.probe
    assert state.hold_s > PACE.hold_s
    assert "calls failed in" in state.why
