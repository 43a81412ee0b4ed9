"""A school in memory, the same for every rival: people, courses, progress and teachers."""

import msgspec

COURSES, VIEWERS, TEACHERS = 2_000, 100, 40
WORDS = ("plants", "soils", "rivers", "winds", "rocks", "stars", "metals", "crystals", "maps")
ABOUT = "What they are and how they come about; no. "


class School(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str


class Viewer(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    mail: str
    school: School


class Course(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    title: str
    code: str
    is_open: bool
    seats: int
    starts_at: str
    about: str


class Progress(msgspec.Struct, frozen=True, rename="camel"):
    completed: int
    total: int
    ratio: float
    last_at: str


class Teacher(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    mail: str
    room: str
    phone: str
    hours: str


def viewer(number: int) -> Viewer:
    name = f"{WORDS[number % len(WORDS)].title()} Learner {number}"
    school = School(f"school-{number % 7}", f"School {number % 7} at the River")
    return Viewer(f"viewer-{number}", name, f"learner{number}@school.example", school)


def course(number: int) -> Course:
    topic = WORDS[number % len(WORDS)]
    return Course(
        id=f"course-{number}",
        title=f"All about {topic}, part {number}",
        code=f"{topic[:3].upper()}-{number}",
        is_open=number % 3 > 0,
        seats=number % 90,
        starts_at=f"2026-09-{1 + number % 28:02}T08:00:00Z",
        about=f"{ABOUT}{number}",
    )


def progress(number: int) -> Progress:
    done, total = number % 41, 40
    return Progress(done, total, done / total, f"2026-10-{1 + number % 28:02}T17:30:00Z")


def teacher(number: int) -> Teacher:
    return Teacher(
        id=f"teacher-{number}",
        name=f"Dr {WORDS[number % len(WORDS)].title()}",
        mail=f"t{number}@school.example",
        room=f"{number % 5}.{number:02}",
        phone=f"9600{number:02}",
        hours="Tue 14:00",
    )


VIEWER_OF = {one.id: one for one in map(viewer, range(VIEWERS))}
ALL = [course(number) for number in range(COURSES)]
PROGRESS_OF = {one.id: progress(number) for number, one in enumerate(ALL)}
TEACHER_OF = {one.id: teacher(number % TEACHERS) for number, one in enumerate(ALL)}


def told() -> bytes:
    """All of it as JSON, named as the contract names it: for rivals that are not in Python."""
    parts = {"viewers": VIEWER_OF, "courses": ALL, "progress": PROGRESS_OF, "teachers": TEACHER_OF}
    return msgspec.json.encode(parts)
