"""Makes a course of a presentation: its lessons spread over its days, grouped by its deadlines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from legacy.monolith.oulad.rows import (
    ASSESSMENT_TYPES,
    LESSON_TYPES,
    Assessment,
    AssessmentType,
    Material,
    Presentation,
)

MOST_LESSONS = 40
FEWEST_IN_A_MODULE = 3

_TITLES = {
    "externalquiz": "Practice quiz",
    "oucollaborate": "Online tutorial",
    "oucontent": "Study text",
    "ouelluminate": "Online tutorial",
    "page": "Page",
    "quiz": "Quiz",
    "subpage": "Section",
}
_MODULES_FROM = 2_000_000
_SHIFT = 10_000_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """Studied from `day` on, counted from the start."""

    id: int
    title: str
    type: str
    day: float


@dataclass(frozen=True, slots=True)
class Module:
    id: int
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """An assessment with its title and its deadline."""

    id: int
    title: str
    type: AssessmentType
    day: int
    weight: float


@dataclass(frozen=True, slots=True)
class Course:
    id: int
    code: str
    title: str
    starts: datetime
    modules: tuple[Module, ...]
    exercises: tuple[Exercise, ...]

    @property
    def lessons(self) -> list[Lesson]:
        return [lesson for module in self.modules for lesson in module.lessons]

    def noon(self, day: int) -> datetime:
        return self.starts + timedelta(days=day, hours=12)

    def closes(self, exercise: Exercise) -> datetime:
        return self.starts + timedelta(days=exercise.day, hours=23, minutes=59)


class Ids:
    """Content ids of the tenant: the wanted one, or one that is as surely the same next time."""

    def __init__(self, taken: Iterable[int]) -> None:
        self._taken = set(taken)

    def take(self, wanted: int) -> int:
        while wanted in self._taken:
            wanted += _SHIFT
        self._taken.add(wanted)
        return wanted


def course(
    number: int,
    presentation: Presentation,
    assessments: Iterable[Assessment],
    materials: Iterable[Material],
    ids: Ids,
) -> Course:
    """`number` is its id; `ids` has all assessments' taken."""
    exercises = _exercises(assessments, presentation.length_days)
    lessons = _lessons(materials, presentation.length_days, ids)
    key = presentation.key
    return Course(
        id=number,
        code=f"{key.module}/{key.presentation}",
        title=f"{key.module}, presentation {key.presentation}",
        starts=datetime.combine(presentation.start, time()),
        modules=_modules(number, lessons, [exercise.day for exercise in exercises], ids),
        exercises=tuple(exercises),
    )


def _exercises(assessments: Iterable[Assessment], last_day: int) -> list[Exercise]:
    """In order of their deadlines."""
    due = sorted((last_day if a.day is None else a.day, a.id, a) for a in assessments)
    in_all = Counter(a.type for _, _, a in due)
    so_far: Counter[str] = Counter()
    made = []
    for day, id_, a in due:
        so_far[a.type] += 1
        title = f"{a.type} {so_far[a.type]}" if in_all[a.type] > 1 else a.type
        made.append(Exercise(id_, title, ASSESSMENT_TYPES[a.type], day, a.weight))
    return made


def _lessons(materials: Iterable[Material], length_days: int, ids: Ids) -> list[Lesson]:
    """The first materials that are studied, spread evenly over the presentation."""
    studied = [material for material in materials if material.activity in LESSON_TYPES]
    chosen = sorted(studied, key=lambda material: (material.week, material.id))[:MOST_LESSONS]
    so_far: Counter[str] = Counter()
    made = []
    for position, material in enumerate(chosen):
        title = _TITLES[material.activity]
        so_far[title] += 1
        day = position * length_days / len(chosen)
        type_ = LESSON_TYPES[material.activity]
        made.append(Lesson(ids.take(material.id), f"{title} {so_far[title]}", type_, day))
    return made


def _modules(
    course_id: int, lessons: Sequence[Lesson], deadlines: Sequence[int], ids: Ids
) -> tuple[Module, ...]:
    """One for each stretch between two deadlines."""
    blocks = enumerate(_stretches(lessons, deadlines), start=1)
    return tuple(
        Module(ids.take(_MODULES_FROM + 100 * course_id + number), _title(number, block), block)
        for number, block in blocks
    )


def _title(number: int, block: Sequence[Lesson]) -> str:
    return f"Block {number}, from week {int(block[0].day) // 7 + 1}"


def _stretches(lessons: Sequence[Lesson], deadlines: Sequence[int]) -> list[tuple[Lesson, ...]]:
    """Lessons with the same deadlines ahead of them; a short stretch joins the one before it."""
    blocks: list[tuple[Lesson, ...]] = []
    for _, block in groupby(lessons, lambda lesson: sum(lesson.day >= day for day in deadlines)):
        stretch = tuple(block)
        if blocks and len(stretch) < FEWEST_IN_A_MODULE:
            blocks[-1] += stretch
        else:
            blocks.append(stretch)
    return blocks
