"""Finds and reads the files of OULAD, packed or plain, under their published names or ours."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from legacy.monolith.oulad.refusals import Refusals

Parsed = TypeVar("Parsed")


class BadFile(Exception):
    """A file is missing, cannot be read, or has other columns than OULAD's."""


@dataclass(frozen=True, slots=True)
class File:
    """One of OULAD's tables, and the columns of it that we read."""

    name: str
    published: str
    columns: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [f"oulad_{self.name}.csv.gz", f"oulad_{self.name}.csv", f"{self.published}.csv"]


OF_PRESENTATION = ("code_module", "code_presentation")
COURSES = File("course", "courses", (*OF_PRESENTATION, "module_presentation_length"))
ASSESSMENTS = File(
    "assessment",
    "assessments",
    (*OF_PRESENTATION, "id_assessment", "assessment_type", "date", "weight"),
)
STUDENTS = File("student", "studentInfo", (*OF_PRESENTATION, "id_student"))
REGISTRATIONS = File(
    "student_registration", "studentRegistration", (*OF_PRESENTATION, "id_student")
)
SUBMISSIONS = File(
    "student_assessment",
    "studentAssessment",
    ("id_assessment", "id_student", "date_submitted", "is_banked", "score"),
)
MATERIALS = File("vle", "vle", (*OF_PRESENTATION, "id_site", "activity_type", "week_from"))


def read(
    folder: Path, file: File, parse: Callable[..., Parsed], refusals: Refusals
) -> Iterator[Parsed]:
    """Each row as `parse` makes it of the columns; one that it refuses with ValueError is noted."""
    path = _found(folder, file)
    try:
        with _opened(path) as text:
            yield from _rows(path, text, file, parse, refusals)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as broken:
        raise BadFile(f"{path} cannot be read: {broken}.") from broken


def _rows(
    path: Path,
    text: IO[str],
    file: File,
    parse: Callable[..., Parsed],
    refusals: Refusals,
) -> Iterator[Parsed]:
    lines = csv.reader(text)
    header = next(lines, [])
    places = _places(path, header, file)
    for line in lines:
        try:
            if len(line) != len(header):
                raise ValueError(f"{len(line)} values, not {len(header)}")
            parsed = parse(*[line[place] for place in places])
        except ValueError as wrong:
            refusals.malformed(path.name, lines.line_num, wrong)
        else:
            yield parsed


def _found(folder: Path, file: File) -> Path:
    for name in file.names:
        if (folder / name).is_file():
            return folder / name
    raise BadFile(f"{folder} has none of {', '.join(file.names)}.")


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _places(path: Path, header: list[str], file: File) -> list[int]:
    missing = [column for column in file.columns if column not in header]
    if missing:
        raise BadFile(f"{path} has no column {', '.join(missing)}.")
    return [header.index(column) for column in file.columns]
