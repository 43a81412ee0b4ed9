"""Weighted results of courses are made again, and what the archive does not have is said."""

from pathlib import Path

import pytest

from services.assessment.replay.archive import CourseLine, CoursePart
from services.assessment.replay.course_verdict import judge_course
from services.assessment.replay.crew import tallies
from services.assessment.replay.explained import Class, read_explained
from services.assessment.replay.mapping import BadMapping
from services.assessment.replay.opening import open_archive
from services.assessment.replay.rule import Rule
from services.assessment.replay.tally import Tally
from tests.unit.services.assessment.replay.made import listed

EXAM = CoursePart(100.0, 100.0, 35.0, must_reach=40.0)
WORK = CoursePart(100.0, 100.0, 90.0)
HIDDEN = CoursePart(100.0, 100.0, None, must_reach=40.0, withheld=True)


def result(word: str, *parts: CoursePart) -> CourseLine:
    least, below = (0.0, 40.0) if word == "Fail" else (40.0, 101.0)
    return CourseLine("AAA/2013J", "7", list(parts), word, least, below)


CASES = [
    (result("Pass", WORK), Class.EXACT, None),
    (result("Pass", WORK, CoursePart(0.0, 100.0)), Class.EXACT, None),
    (result("Fail", WORK, EXAM), Class.POLICY, Rule.PART_TO_PASS),
    (result("Fail", WORK, HIDDEN), Class.MISSING_RESPONSE, Rule.WITHHELD_MARKS),
    (result("Pass", CoursePart(100.0, 100.0), HIDDEN), Class.MISSING_RESPONSE, Rule.WITHHELD_MARKS),
    (result("Fail", WORK), Class.UNEXPLAINED, None),
    (result("Pass", CoursePart(100.0, 100.0), EXAM), Class.UNEXPLAINED, None),
]


@pytest.mark.parametrize(("line", "counts_as", "rule"), CASES)
def test_a_result_is_what_it_counts_as(
    line: CourseLine, counts_as: Class, rule: Rule | None
) -> None:
    assert judge_course(line, read_explained()).counts_as is counts_as


@pytest.mark.parametrize(("line", "counts_as", "rule"), [case for case in CASES if case[2]])
def test_a_result_is_unexplained_without_its_rule_on_the_list(
    line: CourseLine, counts_as: Class, rule: Rule | None
) -> None:
    assert judge_course(line, listed(rule)).counts_as is Class.UNEXPLAINED


STUDENTS = """code_module,code_presentation,id_student,final_result
AAA,2013J,1,Pass
AAA,2013J,2,Fail
AAA,2013J,3,Withdrawn
"""
ASSESSMENTS = """code_module,code_presentation,id_assessment,assessment_type,date,weight
AAA,2013J,10,TMA,1,30
AAA,2013J,11,TMA,9,70
"""
SCORES = """id_assessment,id_student,score
10,1,20
11,1,60
10,2,100
11,2,
"""


def oulad(folder: Path, scores: str = SCORES) -> Tally:
    (folder / "oulad_student.csv").write_text(STUDENTS)
    for name, text in {"assessment": ASSESSMENTS, "student_assessment": scores}.items():
        (folder / f"oulad_{name}.csv.gz").write_text(text)
    source = open_archive(folder / "oulad_student.csv", "oulad", None)
    ((_, tally),) = tallies(source, read_explained(), source.blocks(), 1)
    return tally


def test_weights_and_scores_come_from_the_files_beside(tmp_path: Path) -> None:
    """20 of 30 % and 60 of 70 % are 48; all of 30 % alone is 30."""
    assert oulad(tmp_path).results == {Class.EXACT: 2}


def test_a_result_that_the_scores_do_not_give_is_found(tmp_path: Path) -> None:
    tally = oulad(tmp_path, SCORES.replace("11,1,60", "11,1,40"))

    assert tally.results == {Class.EXACT: 1, Class.UNEXPLAINED: 1}


def test_a_file_beside_without_its_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="has no column 'score'"):
        oulad(tmp_path, SCORES.replace("score", "marks"))
