"""A presentation of a hundred days with ten lessons, three assessments and three learners."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from legacy.monolith.oulad.data import Data, read

T = TypeVar("T")

HEADERS = {
    "courses": "code_module,code_presentation,module_presentation_length",
    "assessments": "code_module,code_presentation,id_assessment,assessment_type,date,weight",
    "studentInfo": "code_module,code_presentation,id_student,gender",
    "studentRegistration": "code_module,code_presentation,id_student,date_registration",
    "studentAssessment": "id_assessment,id_student,date_submitted,is_banked,score",
    "vle": "id_site,code_module,code_presentation,activity_type,week_from,week_to",
}
ROWS = {
    "courses": ["AAA,2013J,100"],
    "assessments": [
        "AAA,2013J,11,TMA,25,40.0",
        "AAA,2013J,12,CMA,55,60.0",
        "AAA,2013J,13,Exam,,100.0",
    ],
    "studentInfo": ["AAA,2013J,101,M", "AAA,2013J,102,F", "AAA,2013J,103,F"],
    "studentRegistration": ["AAA,2013J,101,-9", "AAA,2013J,102,-8", "AAA,2013J,103,"],
    "studentAssessment": [
        "11,101,18,0,78",
        "12,101,60,0,50",
        "11,102,-1,1,90",
        "11,103,20,0,",
    ],
    "vle": [f"{number},AAA,2013J,oucontent,," for number in range(501, 511)],
}


def folder(where: Path, **rows: list[str]) -> Path:
    """OULAD's files; `studentInfo=[...]` replaces the rows of one."""
    for name, header in HEADERS.items():
        text = "\n".join([header, *rows.get(name, ROWS[name])])
        (where / f"{name}.csv").write_text(text + "\n")
    return where


def data(where: Path, **rows: list[str]) -> Data:
    return read(folder(where, **rows), untracked)


def untracked(rows: Iterable[T], what: str) -> Iterable[T]:
    return rows
