"""Makes up an archive as `banyan legacy export` writes it, scored by the monolith's own code."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.archive_questions import another_key, answer, question
from bench.gradebook import counted
from legacy.monolith.attempt import begun, saved, submitted
from legacy.monolith.clock import Dice
from legacy.monolith.export import lines
from legacy.monolith.local_time import local, write
from legacy.monolith.shapes import Assessment, Attempt

KINDS = ["single", "multiple", "number", "text", "order"]
ZONES = ["UTC", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe"]
POLICIES = ["highest", "latest", "first", "average"]
SPRING, SUMMER = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
MADE = datetime(2026, 11, 1, tzinfo=UTC)
FEWEST = 60
"""Assessments, of which some are edited, some in nights without an hour, some read by humans."""


@dataclass(frozen=True, slots=True)
class Made:
    """An assessment: what it was first, if it was edited, and what it is now."""

    name: str
    timezone: str
    closes: datetime
    was: Assessment
    now: Assessment

    @property
    def bodies(self) -> list[Assessment]:
        return [self.was] if self.was is self.now else [self.was, self.now]


def archive(attempts: int, seed: int = 1) -> Iterator[bytes]:
    """Lines of so many attempts or a few more."""
    dice = Dice(seed)
    made = [_assessment(number, dice) for number in range(max(FEWEST, attempts // 450))]
    yield _line(lines.opening("Made up by bench.archive", MADE))
    for one in made:
        for version, body in enumerate(one.bodies, start=1):
            yield _line(lines.definition(one.name, version, body, one.timezone))
    told = 0
    while told < attempts:
        for one in made:
            sitting = _sitting(one, dice)
            told += len(sitting["attempts"])
            yield _line(sitting)


def _assessment(number: int, dice: Dice) -> Made:
    type_ = dice.choice(["QUIZ", "ASSIGNMENT", "EXAM"])
    kinds = [*dice.sample(KINDS, len(KINDS)), *dice.choices(KINDS, k=dice.randint(0, 5))]
    essay = ["essay"] if dice.random() < 0.05 else []
    night = SPRING if dice.random() < 0.1 else SUMMER
    timezone, closes = dice.choice(ZONES), night + timedelta(hours=6)
    body = Assessment(
        type=type_,  # type: ignore[typeddict-item]
        opens=None,
        closes=write(local(closes, timezone)),
        time_limit_min=dice.choice([None, 90]),
        grace_s=dice.choice([0, 60]),
        attempts_allowed=3,
        policy=POLICIES[number % len(POLICIES)],  # type: ignore[typeddict-item]
        weight=10.0,
        questions=[question(kind, n, dice) for n, kind in enumerate([*kinds, *essay], start=1)],
    )
    edited = _edited(body, dice) if dice.random() < 0.1 else body
    return Made(f"made/{number + 1}", timezone, closes, body, edited)


def _edited(body: Assessment, dice: Dice) -> Assessment:
    one, *rest = body["questions"]
    changed = another_key(one, dice) | {"points": one["points"] + dice.choice([0.0, 1.0])}
    policy = dice.choice([body["policy"], *POLICIES])
    return body | {"questions": [changed, *rest], "policy": policy}  # type: ignore[return-value]


def _sitting(made: Made, dice: Dice) -> dict[str, Any]:
    attempts: list[Attempt] = []
    for _ in range(dice.choice([1, 1, 2, 3])):
        attempts.append(_attempt(made, attempts, dice))
    asked = {one["id"]: one for body in made.bodies for one in body["questions"]}
    learner = str(dice.randrange(1, 1_000_000))
    line = lines.sitting(made.name, learner, attempts, asked, made.timezone)
    return line | {"kept": counted(made.was["policy"], attempts)}


def _attempt(made: Made, mine: list[Attempt], dice: Dice) -> Attempt:
    """One in fifteen is handed in when its time is over, one in a hundred never."""
    late = dice.random() < 0.07
    ended = made.closes + (dice.random() * 2.0 if late else -dice.random() * 5.0) * timedelta(
        hours=1
    )
    started = ended - timedelta(minutes=dice.randint(5, 80))
    body = made.was if dice.random() < 0.7 else made.now
    attempt = begun(made.was, mine, local(started, made.timezone))
    is_left = dice.random() < 0.01
    if is_left and dice.random() < 0.5:
        return attempt
    at = local(ended - timedelta(seconds=dice.choice([0, 30, 600])), made.timezone)
    attempt = saved(attempt, body, _answers(body, dice), at)
    return attempt if is_left else submitted(attempt, body, local(ended, made.timezone))


def _answers(body: Assessment, dice: Dice) -> dict[str, Any]:
    if dice.random() < 0.01:
        return {}
    return {one["id"]: answer(one, dice) for one in body["questions"] if dice.random() < 0.96}


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
