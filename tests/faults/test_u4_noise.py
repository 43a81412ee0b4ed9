"""U4: a service that fails one call in a thousand is left as it is, however long one looks."""

from functools import partial
from pathlib import Path
from random import Random

from flags.budget import Budget
from flags.rollback import Pace
from gateway.strangling.rollback import Terms
from tests.faults.fleet_in_time import FleetInTime, often
from tests.faults.registry import n
from tests.figures import Recorder

NOISE, MINUTE_S = 0.001, 60
RATES = (10, 100, 300)
"""Calls a second: a night's, a day's, an exam's."""
FEW = 9
ANY = Budget(least=1, doubt=1.0, errors=0.0005)
"""Whatever fails more often than one in two thousand: no allowance for chance."""


async def false_rollbacks(home: Path, budget: Budget, of: int) -> tuple[int, int, int]:
    """In how many runs, of how many calls, of which so many failed."""
    runs, calls, failed = 0, 0, 0
    for seed in range(of):
        dice = Random(seed)
        fleet = FleetInTime(home / str(seed), dice, Terms(budget, Pace()))
        await fleet.passes(MINUTE_S, RATES[seed % len(RATES)], partial(often, dice, NOISE))
        runs += bool(list(fleet.falls()))
        calls, failed = calls + fleet.calls, failed + fleet.failed
    return runs, calls, failed


async def test_u4_noise_rolls_nothing_back(tmp_path: Path, figure: Recorder) -> None:
    false, calls, failed = await false_rollbacks(tmp_path, Budget(), n("U4"))

    figure("U4", false_rollbacks=false, runs=n("U4"), calls=calls, failed=failed)
    assert failed > 0
    assert false == 0


async def test_u4_fails_without_the_test_against_chance(tmp_path: Path, figure: Recorder) -> None:
    false, _, _ = await false_rollbacks(tmp_path, ANY, FEW)

    figure("U4", false_rollbacks_without_the_test=false)
    assert false > 0
