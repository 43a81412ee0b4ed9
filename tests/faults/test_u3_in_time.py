"""U3, on a virtual clock: a service that fails a fifth of its calls is rolled back for good."""

from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from flags.budget import Budget
from flags.rollback import Pace
from gateway.strangling.rollback import Terms
from tests.faults.fleet_in_time import FleetInTime, often
from tests.figures import Recorder

RUNS = 50
SICK, WITHIN_S, CALM_S = 0.2, 10, 300
RATES = (12, 40, 200)
"""Calls a second: of a quiet evening, and more."""
LONG_S = 1_800
ALWAYS = Budget(least=1, doubt=1.0, errors=0.05)
HASTY = Pace(hold_s=5, step_s=5, starved_s=5, calm_s=0, most_hold_s=5, proof=0)


async def took_s(home: Path, seed: int) -> float:
    """From the first failure until nobody is answered by it any more."""
    dice = Random(seed)
    fleet = FleetInTime(home / str(seed), dice)
    rate = RATES[seed % len(RATES)]
    await fleet.passes(20, rate, partial(often, dice, 0.0))
    began_s = fleet.now_s
    await fleet.passes(30, rate, partial(often, dice, SICK))
    return next(fleet.falls(), float("inf")) - began_s


async def test_u3_a_sick_service_is_rolled_back_within_ten_seconds(
    tmp_path: Path, figure: Recorder
) -> None:
    took = sorted([await took_s(tmp_path, seed) for seed in range(RUNS)])

    p50_s, p95_s = took[RUNS // 2], took[RUNS * 95 // 100]
    figure("U3", virtual_runs=RUNS, rollback_p50_s=p50_s, rollback_p95_s=p95_s)
    assert p95_s <= WITHIN_S


async def turns(home: Path, terms: Terms, seconds: int) -> tuple[list[float], FleetInTime]:
    """Of a service that is sick for so long, by who is answered by it."""
    dice = Random(7)
    fleet = FleetInTime(home, dice, terms)
    await fleet.passes(seconds, 40, partial(often, dice, SICK))
    return fleet.turns(terms.pace.probe), fleet


def most_within(moments: list[float], seconds: float) -> int:
    return max((sum(at <= one < at + seconds for one in moments) for at in moments), default=0)


async def test_u3_a_service_that_stays_sick_does_not_go_to_and_fro(
    tmp_path: Path, figure: Recorder
) -> None:
    terms = Terms(Budget(), Pace())
    moments, fleet = await turns(tmp_path, terms, LONG_S)

    probes = [percent for _, percent in fleet.percents if percent == terms.pace.probe]
    figure(
        "U3",
        turns_in_half_an_hour=len(moments),
        most_turns_in_5_min=most_within(moments, CALM_S),
        probes=len(probes),
    )
    assert most_within(moments, CALM_S) == 1
    assert probes


async def test_u3_fails_without_the_pace(tmp_path: Path, figure: Recorder) -> None:
    moments, _ = await turns(tmp_path, Terms(Budget(), HASTY), 2 * CALM_S)

    figure("U3", most_turns_in_5_min_without_the_pace=most_within(moments, CALM_S))
    assert most_within(moments, CALM_S) > 1


async def test_u3_what_is_sick_only_under_load_is_not_let_back_soon(tmp_path: Path) -> None:
    """Well while it is tried by few, it falls each time that many come: at most once in calm."""
    dice = Random(7)
    fleet = FleetInTime(tmp_path, dice)
    for _ in range(LONG_S):
        is_loaded = not fleet.percents or fleet.percents[-1][1] >= 50
        await fleet.passes(1, 40, partial(often, dice, SICK if is_loaded else 0.0))

    falls = fleet.turns(1)[::2]
    assert len(falls) > 1
    assert all(later - earlier > CALM_S for earlier, later in pairwise(falls))
