"""What is in a course: modules with lessons of all kinds, assessments, a weekly class."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from legacy.monolith.clock import Dice
from legacy.monolith.sample.exams import FORMS, WEIGHTS, Form, assessment
from legacy.monolith.sample.rows import Rows
from legacy.monolith.sample.subject import Subject
from legacy.monolith.shapes import Assessment, Attempts

WEEKS_BACK, WEEKS_AHEAD = 2, 8


@dataclass(frozen=True, slots=True)
class Exam:
    """An assessment of a course, with the attempts made at it so far."""

    form: Form
    body: Assessment
    attempts: Attempts


@dataclass(frozen=True, slots=True)
class Contents:
    """Ids of a course's lessons in order, and its assessments."""

    course: int
    lessons: list[int]
    exams: list[Exam]


def contents(rows: Rows, course: int, subject: Subject, day: date, dice: Dice) -> Contents:
    """Puts modules, lessons and assessments into a course."""
    titles = list(subject.modules)[: dice.randint(3, 5)]
    lessons = [
        lesson
        for number, title in enumerate(titles)
        for lesson in _module(rows, course, title, subject.modules[title], number, dice)
    ]
    return Contents(course, lessons, _exams(rows, course, subject, day, dice))


def timetable(rows: Rows, course: int, teacher: int, title: str, day: date, dice: Dice) -> None:
    """One class a week, always on the same weekday at the same hour."""
    monday = day - timedelta(days=day.weekday())
    weekday, hour = dice.randint(0, 4), dice.randint(8, 16)
    for number, week in enumerate(range(-WEEKS_BACK, WEEKS_AHEAD + 1), start=1):
        date_ = monday + timedelta(weeks=week, days=weekday)
        starts = datetime.combine(date_, time(hour))
        ends = starts + timedelta(minutes=90)
        class_id = rows.next_id("timetable")
        rows.add("timetable", class_id, course, f"{title}: class {number}", teacher, starts, ends)


def _module(
    rows: Rows, course: int, title: str, topics: list[str], number: int, dice: Dice
) -> list[int]:
    """Topics to read and watch, a self-test, and in every other module a live lesson."""
    module = rows.add_content(course, "module", title, {})
    taught = topics[: dice.randint(2, len(topics))]
    lessons = [(topic, dice.choice(["TEXT", "VIDEO"])) for topic in taught]
    lessons[:2] = [(taught[0], "TEXT"), (taught[1], "VIDEO")]
    lessons.append((f"Check yourself: {title}", "QUIZ"))
    if number % 2 == 0:
        lessons.append((f"Questions and answers: {title}", "LIVE"))
    return [
        rows.add_content(course, "lesson", topic, {"type": type_}, parent=module)
        for topic, type_ in lessons
    ]


def _exams(rows: Rows, course: int, subject: Subject, day: date, dice: Dice) -> list[Exam]:
    how_many = dice.randint(2, 4)
    exams = []
    for form, weight in zip(FORMS[how_many], WEIGHTS[how_many], strict=True):
        exam = Exam(form, assessment(form, weight, subject, day, dice), {})
        rows.add_content(course, "assessment", form.title, exam.body, attempts=exam.attempts)
        exams.append(exam)
    return exams
