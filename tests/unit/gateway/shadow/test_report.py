"""What is kept of differences is nobody's words, and what is told of it is plain."""

from datetime import UTC, datetime

from flags.names import COURSE_READ, PROGRESS_READ
from gateway.shadow.asked import Asked
from gateway.shadow.compared import Counts
from gateway.shadow.counting import MOST_SAMPLES, Counting
from gateway.shadow.html import as_html
from gateway.shadow.judging import Judged, Verdict
from gateway.shadow.report import lines, rows
from resolvers.ports import Sources
from services.contracts.errors import HIDDEN
from services.contracts.ids import CourseId, Kind, LearnerId, encode, learner_id
from services.contracts.learning import Course, Learner
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from tests.fakes.tenant import viewer

CLOCK = FakeClock(datetime(2026, 3, 10, 5, tzinfo=UTC))
COURSE = CourseId(encode(Kind.COURSE, "acme", 1))
OLD, NEW = "Ninth grade of Mrs Ochoa", "Ninth grade of Mr Ochoa"


async def nothing(side: Sources, caller: Caller) -> None:
    return None


def counted(old: object, new: object, times: int = 1, verdict: Verdict | None = None) -> Counts:
    counting = Counting(CLOCK)
    asked = Asked(COURSE_READ, "courses.many", viewer("acme"), nothing, is_each=False)
    for _ in range(times):
        found = asked.compare(old, new)
        said = Verdict.DIFFERS if found.differences else Verdict.SAME
        counting.judged(asked, Judged(verdict or said, found))
    return counting.take()[COURSE_READ]


def course(title: str) -> Course:
    return Course(COURSE, title, "BIO-1")


def test_no_text_and_no_person_is_kept_of_a_difference() -> None:
    samples = [
        *counted(course(OLD), course(NEW)).samples,
        *counted([Learner(learner_id("acme", 4), OLD)], [HIDDEN]).samples,
        *counted([learner_id("acme", 4)], [LearnerId("another")]).samples,
    ]

    told = " ".join(str((one.old, one.new)) for one in samples)
    assert "Ochoa" not in told
    assert learner_id("acme", 4) not in told
    assert "24 long" in told


def test_numbers_and_words_of_the_contract_are_kept() -> None:
    [sample] = counted([course(OLD)], HIDDEN).samples

    assert (sample.kind, sample.new) == ("error_there", "NOT_FOUND")
    assert sample.asked == "courses.many"


def test_what_differs_is_counted_beside_what_was_compared() -> None:
    counts = counted(course(OLD), course(NEW), times=30)

    [row] = rows(counts)
    assert (row.path, row.kind, row.told) == ("Course.title", "value", "30 of 30")
    assert counts.compared.differing == 30
    assert len(counts.samples) == MOST_SAMPLES


def test_what_was_behind_is_no_comparison() -> None:
    counts = counted(course(OLD), course(NEW), verdict=Verdict.LAG)

    assert (counts.compared.compared, counts.numbers["lag"]) == (0, 1)
    assert counts.differences() == {}


def test_the_report_says_so_when_nothing_was_compared() -> None:
    found = {PROGRESS_READ: Counts(), COURSE_READ: counted(course(OLD), course(NEW), times=3)}

    told = "\n".join(lines(found))

    assert "progress.read        nothing was compared" in told
    assert "3 answers compared, 3 differ (100.00%)" in told
    assert "Course.title  value" in told


def test_the_page_needs_nothing_beside_it_and_says_what_is_not_compared() -> None:
    page = as_html({COURSE_READ: counted(course("<b>"), course("<i>"))}, "2026-03-10")

    assert "The sides differ" in page
    assert "<svg" in page
    assert "Progress.known" in page
    assert "src=" not in page
    assert "Both sides say the same" in as_html({COURSE_READ: counted(HIDDEN, HIDDEN)}, "")
    assert "Nothing was compared" in as_html({COURSE_READ: Counts()}, "")
