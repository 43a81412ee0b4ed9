"""Which course an event of a calendar is a class of: by rules, of which the first that fits counts.

BadRule   a rule, or a file of them, cannot be read
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from pathlib import Path

from services.live_class.schedule.ics.occurrence import Bad, Occurrence

FIELDS = ("summary", "category", "location", "uid")
RULE = re.compile(
    rf"(?:(?P<field>{'|'.join(FIELDS)}):)?(?P<pattern>.+)=(?P<course>\d{{1,18}})(?::(?P<teacher>\d{{1,18}}))?"
)
COLUMNS = ("pattern", "course")


class BadRule(ValueError):
    """A rule, or a file of them, cannot be read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` as a shell's: * is any text; letters of either case are alike."""

    field: str
    pattern: str
    course: int
    teacher: int | None = None

    @classmethod
    def read(cls, text: str) -> "Rule":
        """Of `[FIELD:]PATTERN=COURSE[:TEACHER]`; raises BadRule."""
        found = RULE.fullmatch(text.strip())
        if found is None:
            raise BadRule(f"{text!r} is no rule: write [FIELD:]PATTERN=COURSE[:TEACHER].")
        teacher = found["teacher"]
        return cls(
            found["field"] or "summary",
            found["pattern"],
            int(found["course"]),
            int(teacher) if teacher else None,
        )

    def fits(self, one: Occurrence) -> bool:
        form = _form(self.pattern)
        return any(form.match(text.casefold()) for text in _texts(one, self.field))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An occurrence as a class of a course."""

    said: Occurrence
    course: int
    teacher: int | None


@dataclass(frozen=True, slots=True)
class Mapped:
    """`unmapped` counts the summaries that no rule fits."""

    wanted: list[Wanted]
    unmapped: Counter[str]
    refused: list[Bad]


def rules_of(path: Path) -> list[Rule]:
    """Of a CSV file: pattern, course, and perhaps field and teacher; raises BadRule."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise BadRule(f"{path} has no columns {' and '.join(COLUMNS)} in its first line.")
        return [_rule(row, f"{path}, line {rows.line_num}") for row in rows]


def mapped(rules: Sequence[Rule], occurrences: Iterable[Occurrence]) -> Mapped:
    """In order of time; of classes of one course with the same words and times the first counts."""
    found = Mapped([], Counter(), [])
    first: dict[object, Occurrence] = {}
    for one in sorted(occurrences, key=lambda each: (each.starts_at, each.line)):
        rule = next((rule for rule in rules if rule.fits(one)), None)
        if rule is None:
            found.unmapped[one.title] += 1
            continue
        before = first.setdefault((rule.course, one.title, one.starts_at, one.ends_at), one)
        if before is one:
            found.wanted.append(Wanted(one, rule.course, rule.teacher))
        else:
            why = f"it says the same as line {before.line} under another UID"
            found.refused.append(Bad(one.line, one.uid, why))
    return found


def _rule(row: dict[str, str], where: str) -> Rule:
    field = (row.get("field") or "summary").strip()
    pattern, course = (row.get("pattern") or "").strip(), (row.get("course") or "").strip()
    teacher = (row.get("teacher") or "").strip()
    if field not in FIELDS or not pattern:
        raise BadRule(f"{where}: a field is one of {', '.join(FIELDS)}, and a pattern some text.")
    if not course.isdecimal() or not (teacher.isdecimal() or not teacher):
        raise BadRule(f"{where}: a course and a teacher are whole numbers.")
    return Rule(field, pattern, int(course), int(teacher) if teacher else None)


@lru_cache
def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.strip().casefold()))


def _texts(one: Occurrence, field: str) -> Sequence[str]:
    texts = {"summary": (one.title,), "location": (one.location,), "uid": (one.uid,)}
    return texts.get(field, one.categories)
