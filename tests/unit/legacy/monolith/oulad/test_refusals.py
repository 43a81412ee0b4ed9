"""What an import leaves out is counted by its reason, and the rest is taken."""

from pathlib import Path

import pytest

from legacy.monolith.oulad.refusals import Reason
from tests.unit.legacy.monolith.oulad.tiny import ROWS, data

GOOD = ROWS["studentAssessment"][:1]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("11,102,18,0,", Reason.NO_SCORE),
        ("11,102,18,0,?", Reason.NO_SCORE),
        ("99,102,18,0,78", Reason.UNKNOWN_ASSESSMENT),
        ("11,999,18,0,78", Reason.NOT_ENROLLED),
        ("11,101,19,0,80", Reason.TWICE),
        ("11,102,18,0,101", Reason.MALFORMED),
        ("11,102,18,0,nan", Reason.MALFORMED),
        ("11,102,,0,78", Reason.MALFORMED),
        ("11,102,99999999999,0,78", Reason.MALFORMED),
        ("11,102,18,maybe,78", Reason.MALFORMED),
        ("11,102,18,0", Reason.MALFORMED),
    ],
)
def test_a_submission_is_refused_with_its_reason(tmp_path: Path, row: str, reason: Reason) -> None:
    read = data(tmp_path, studentAssessment=[*GOOD, row])

    assert read.refusals.counts == {reason: 1}
    assert len(read.works) == 1


def test_a_good_submission_is_not_refused(tmp_path: Path) -> None:
    assert data(tmp_path, studentAssessment=GOOD).refusals.counts == {}


@pytest.mark.parametrize(
    ("file", "row", "reason"),
    [
        ("courses", "AAA,2013X,100", Reason.MALFORMED),
        ("courses", "AAA,2013J,90", Reason.TWICE),
        ("courses", "A A,2013J,90", Reason.MALFORMED),
        ("assessments", "AAA,2013J,14,Essay,25,10", Reason.MALFORMED),
        ("assessments", "AAA,2013J,11,TMA,25,10", Reason.TWICE),
        ("assessments", "BBB,2013J,14,TMA,25,10", Reason.UNKNOWN_PRESENTATION),
        ("vle", "511,BBB,2013J,page,,", Reason.UNKNOWN_PRESENTATION),
        ("studentRegistration", "AAA,2013J,101,", Reason.TWICE),
        ("studentRegistration", "AAA,2013J,104,", Reason.UNKNOWN_LEARNER),
        ("studentRegistration", "BBB,2013J,101,", Reason.UNKNOWN_PRESENTATION),
        ("studentRegistration", "AAA,2013J,3,", Reason.MALFORMED),
    ],
)
def test_a_row_of_any_file_is_refused_with_its_reason(
    tmp_path: Path, file: str, row: str, reason: Reason
) -> None:
    read = data(tmp_path, **{"studentAssessment": GOOD, file: [*ROWS[file], row]})

    assert read.refusals.counts == {reason: 1}
    assert len(read.enrolments) == 3


def test_a_malformed_row_is_told_with_its_line(tmp_path: Path) -> None:
    read = data(tmp_path, studentAssessment=[*GOOD, "11,102,soon,0,78"])

    (told,) = read.refusals.malformed_rows
    assert told.startswith("studentAssessment.csv, line 3: ")
