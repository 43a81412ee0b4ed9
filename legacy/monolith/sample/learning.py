"""What learners have done in a course so far: lessons completed, attempts made."""

from datetime import date, datetime, time, timedelta

from legacy.monolith.clock import Dice
from legacy.monolith.sample.answers import finished, recent
from legacy.monolith.sample.courses import Contents, Exam
from legacy.monolith.sample.plan import DEMO_LEARNER
from legacy.monolith.sample.rows import Rows


def learn(rows: Rows, contents: Contents, user: int, day: date, dice: Dice) -> None:
    """One learner's way through one course up to the beginning of `day`."""
    skill = dice.uniform(0.35, 0.95)
    done = contents.lessons[: _how_many(len(contents.lessons), user, dice)]
    midnight = datetime.combine(day, time())
    for number, lesson in enumerate(reversed(done), start=1):
        done_at = midnight - timedelta(hours=9 * number, minutes=dice.randint(0, 400))
        rows.add("completions", lesson, user, contents.course, done_at)
    for exam in contents.exams:
        _try(exam, user, skill, midnight, dice)


def _how_many(lessons: int, user: int, dice: Dice) -> int:
    """Lessons done; now and then none or all, save by the demo learner."""
    chance = dice.random()
    between = dice.randint(1, lessons - 1)
    if user == DEMO_LEARNER or chance > 0.15:
        return between
    return 0 if chance < 0.08 else lessons


def _try(exam: Exam, user: int, skill: float, midnight: datetime, dice: Dice) -> None:
    """What is open is left for the demo learner to begin."""
    attempts = exam.attempts.setdefault(str(user), [])
    if exam.form.is_over:
        for _ in range(dice.choice([0, 1, 1, 1, 2])):
            attempts.append(finished(exam.body, attempts, skill, dice))
            if attempts[-1]["late"]:
                break
    elif exam.form.is_open and user != DEMO_LEARNER and dice.random() < 0.3:
        attempts.append(recent(exam.body, attempts, skill, midnight, dice))
    if not attempts:
        del exam.attempts[str(user)]
