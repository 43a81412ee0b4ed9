"""What a learner of some skill answers, and the attempts that come of it."""

from datetime import datetime, timedelta
from typing import Any

from legacy.monolith.attempt import begun, saved, submitted
from legacy.monolith.clock import Dice
from legacy.monolith.local_time import read
from legacy.monolith.shapes import Assessment, Attempt, Question

ESSAY = (
    "I think it depends on where you look, but the main reason is the one from the second module."
)


def finished(body: Assessment, mine: list[Attempt], skill: float, dice: Dice) -> Attempt:
    """An attempt, after the others, at an assessment that is over; a few were handed in late."""
    earliest, closes = read(str(body["opens"])), read(str(body["closes"]))
    if mine:
        earliest = read(str(mine[-1]["submitted"]))
    started = earliest + (closes - earliest) * dice.random()
    late = timedelta(days=1) if dice.random() < 0.08 else timedelta()
    ended = max(started, min(started + _while(dice), closes)) + late
    return submitted(_answered(body, mine, skill, started, ended, dice), body, ended)


def recent(
    body: Assessment, mine: list[Attempt], skill: float, until: datetime, dice: Dice
) -> Attempt:
    """An attempt at an assessment that is open; one in three is still being written."""
    opens = read(str(body["opens"]))
    started = opens + (until - opens) * dice.random()
    ended = min(started + _while(dice), until)
    attempt = _answered(body, mine, skill, started, ended, dice)
    return attempt if dice.random() < 1 / 3 else submitted(attempt, body, ended)


def _answered(
    body: Assessment,
    mine: list[Attempt],
    skill: float,
    started: datetime,
    ended: datetime,
    dice: Dice,
) -> Attempt:
    answers = {question["id"]: _answer(question, skill, dice) for question in body["questions"]}
    return saved(begun(body, mine, started), body, answers, ended)


def _while(dice: Dice) -> timedelta:
    return timedelta(minutes=dice.randint(6, 55))


def _answer(question: Question, skill: float, dice: Dice) -> Any:
    if question["type"] == "text" and question["answer"] is None:
        return ESSAY
    right = question["answer"][0] if question["type"] == "text" else question["answer"]
    return right if dice.random() < skill else _mistake(question, dice)


def _mistake(question: Question, dice: Dice) -> Any:
    choices = [choice["id"] for choice in question["choices"]]
    if question["type"] == "single":
        return dice.choice([choice for choice in choices if choice != question["answer"]])
    if question["type"] == "multiple":
        return sorted(dice.sample(choices, 2))
    if question["type"] == "order":
        return dice.sample(choices, len(choices))
    return round(question["answer"] * 1.5 + 1) if question["type"] == "number" else "I don't know"
