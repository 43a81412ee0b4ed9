"""Rolls a capability back whose service is sick, tries it again later, and brings it back by steps.

OPEN ─sick→ HELD (0 %) ─held long enough→ TRYING 1 % → 10 % → 50 % → OPEN; a sick step: HELD anew,
twice as long.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from flags.budget import Budget, Window
from flags.health import LONG_S, NOTHING, SHORT_S, Counts, behind
from flags.hold import Hold
from services.contracts.status import Incident


class Phase(StrEnum):
    OPEN = "OPEN"
    HELD = "HELD"
    TRYING = "TRYING"


class State(msgspec.Struct, frozen=True):
    """Moments in seconds of the fleet's clock.

    `since_s`: in this phase at this `percent`. `began_s`: rolled back, and not all back since;
    `fell_s`: last from more than the probe's share to nothing. `turn` counts the changes. `before`
    is what had been counted in all when it came to be so.
    """

    phase: Phase = Phase.OPEN
    since_s: float = 0.0
    percent: int = 100
    why: str = ""
    hold_s: float = 0.0
    began_s: float = 0.0
    fell_s: float = 0.0
    turn: int = 0
    before: Counts = NOTHING
    by_hand: bool = False

    def hold(self, capability: str) -> Hold | None:
        """None where nothing is held back."""
        if self.phase is Phase.OPEN:
            return None
        return Hold(capability, _moment(self.began_s), self.why, self.percent)

    def incident(self, capability: str) -> Incident:
        """One from the fall until all are back; `why` is the last thing that was said of it."""
        began = _moment(self.began_s)
        ended = _moment(self.since_s) if self.phase is Phase.OPEN else None
        return Incident(f"{capability}@{began:%Y%m%dT%H%M%SZ}", capability, began, ended, self.why)


def _moment(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


NEVER = State()


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast it goes. A step is judged for `step_s` and by `proof` calls; where so few come, for
    `starved_s`. After a fall nobody but the probe's share is let back for `calm_s`. Whoever was
    whole for `forget_s` is held as if for the first time.
    """

    hold_s: float = 60.0
    step_s: float = 60.0
    starved_s: float = 300.0
    calm_s: float = 300.0
    most_hold_s: float = 1_800.0
    forget_s: float = 3_600.0
    proof: int = 50
    steps: tuple[int, ...] = (1, 10, 50)

    @classmethod
    def of(cls, hold_s: float, step_s: float) -> "Pace":
        """All of it in proportion."""
        return cls(hold_s, step_s, 5 * step_s, 5 * hold_s, 30 * hold_s, 60 * hold_s)

    @property
    def probe(self) -> int:
        return self.steps[0]

    def after(self, percent: int) -> int | None:
        """The next step; None where that is everybody."""
        return next((step for step in self.steps if step > percent), None)


class Seen(NamedTuple):
    """A capability's counts in both windows, not from before its present state; and of all time."""

    short: Counts = NOTHING
    long: Counts = NOTHING
    total: Counts = NOTHING


def advance(state: State, now_s: float, seen: Seen, budget: Budget | None, pace: Pace) -> State:
    """What is to be in force from now on: `state` itself where nothing changes.

    Without a budget nothing is ever sick, and only time counts.
    """
    if state.phase is Phase.HELD and (state.by_hand or now_s - state.since_s < state.hold_s):
        return state
    sick = budget.sickness(*_windows(state, now_s, seen)) if budget else None
    if sick:
        return held(state, now_s, sick, pace)
    if state.phase is Phase.HELD:
        return tried(state, now_s, pace.probe, seen.total)
    if state.phase is Phase.TRYING and _may_go_on(state, now_s, seen, budget, pace):
        return tried(state, now_s, pace.after(state.percent) or 100, seen.total)
    return state


def held(state: State, now_s: float, why: str, pace: Pace, *, by_hand: bool = False) -> State:
    """Nobody goes to the service from now on."""
    is_new = state.phase is Phase.OPEN
    is_known = state.hold_s and not (is_new and now_s - state.since_s > pace.forget_s)
    hold_s = min(2 * state.hold_s, pace.most_hold_s) if is_known else pace.hold_s
    return State(
        Phase.HELD,
        now_s,
        percent=0,
        why=why,
        hold_s=hold_s,
        began_s=now_s if is_new else state.began_s,
        fell_s=now_s if state.percent > pace.probe else state.fell_s,
        turn=state.turn + 1,
        by_hand=by_hand,
    )


def tried(state: State, now_s: float, percent: int, total: Counts = NOTHING) -> State:
    """So many go to the service from now on; `total` was counted before."""
    return msgspec.structs.replace(
        state,
        phase=Phase.OPEN if percent >= 100 else Phase.TRYING,
        since_s=now_s,
        percent=percent,
        turn=state.turn + 1,
        before=total,
        by_hand=False,
    )


def _windows(state: State, now_s: float, seen: Seen) -> list[Window]:
    short, long = Window(seen.short, SHORT_S), Window(seen.long, LONG_S)
    if state.phase is Phase.HELD:
        # Those who began there are answered there: they show, before anybody else has to, that
        # trying is of no use yet. What was a minute ago may have been healed since.
        return [short]
    if state.phase is Phase.TRYING:
        return [short, long, Window(behind(seen.total, state.before), now_s - state.since_s)]
    return [short, long]


def _may_go_on(state: State, now_s: float, seen: Seen, budget: Budget | None, pace: Pace) -> bool:
    lasted_s = now_s - state.since_s
    if lasted_s < pace.step_s:
        return False
    if state.percent == pace.probe and now_s - state.fell_s < pace.calm_s:
        return False
    step = behind(seen.total, state.before)
    is_proven = step.calls >= pace.proof or lasted_s >= pace.starved_s
    return is_proven and (budget is None or budget.bears(step))
