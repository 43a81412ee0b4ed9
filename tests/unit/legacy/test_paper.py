"""An attempt of the monolith, read against its assessment."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from legacy import wire
from legacy.paper import Paper
from services.contracts.assessment import Attempt, Response, Score, Source, Window
from services.contracts.ids import TenantId
from tests.unit.legacy.said import ATTEMPT, PAPER, QUESTION

JAKARTA, LONDON = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/London")


def paper(zone: ZoneInfo = JAKARTA, **said: Any) -> Paper:
    return Paper(TenantId("acme"), zone, msgspec.convert(PAPER | said, wire.Paper))


def attempt(at: Paper | None = None, **said: Any) -> Attempt:
    return (at or paper()).attempt(msgspec.convert(ATTEMPT | said, wire.Attempt))


def test_an_attempt_keeps_its_instants() -> None:
    found = attempt()

    assert found.started_at == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert found.submitted_at == datetime(2026, 3, 1, 18, tzinfo=UTC)
    assert found.saved_at is None


def test_only_what_was_scored_has_a_score() -> None:
    assert attempt().score == Score(3.5, 7.5, late=True)
    assert attempt(score=0.0).score == Score(0.0, 7.5, late=True)
    assert attempt(score=None).score is None


def test_it_is_of_the_old_side_which_counts_no_versions() -> None:
    found = attempt(banked=True)

    assert (found.source, found.version, found.banked) == (Source.LEGACY, 0, True)


def test_a_window_ends_with_the_close_or_with_ones_own_time_whichever_is_first() -> None:
    closes_at = datetime(2026, 3, 1, 17, tzinfo=UTC)

    early = paper().window("2026-03-01 20:00:00")
    late = paper().window("2026-03-01 23:00:00")

    assert early.ends_at == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
    assert late.ends_at == late.closes_at == closes_at
    assert late.extra_time == timedelta(0)


def test_before_the_start_a_window_ends_as_if_one_began_now() -> None:
    assert paper().window(None) == Window(
        opens_at=None,
        closes_at=datetime(2026, 3, 1, 17, tzinfo=UTC),
        ends_at=datetime(2026, 3, 1, 16, 30, tzinfo=UTC),
        extra_time=timedelta(0),
        server_now=datetime(2026, 3, 1, 15, tzinfo=UTC),
    )


def test_where_nothing_ends_it_a_window_has_no_end() -> None:
    assert paper(closes=None, time_limit_min=None).window(None).ends_at is None


@pytest.mark.parametrize(
    ("started", "lasts"),
    [
        ("2026-03-28 23:30:00", timedelta(minutes=90)),
        # The night has one hour less, or one more, which the monolith does not see.
        ("2026-03-29 00:30:00", timedelta(minutes=30)),
        ("2026-10-25 00:40:00", timedelta(minutes=150)),
    ],
)
def test_a_limit_is_reckoned_on_the_wall_clock_as_the_monolith_does(
    started: str, lasts: timedelta
) -> None:
    at = paper(LONDON, closes=None, time_limit_min=90)
    found = attempt(at, started=started)

    assert found.window is not None
    assert found.window.ends_at is not None
    assert found.started_at is not None
    assert found.window.ends_at - found.started_at == lasts


def test_answers_are_told_in_order_of_the_questions_there_are() -> None:
    questions = [QUESTION | {"id": id_} for id_ in ("q2", "q1", "q3")]
    answers = {"q1": "Cells", "gone": "Genes", "q2": None}

    found = attempt(paper(questions=questions), answers=answers, saved="2026-03-02 00:10:00")

    told = [(one.item_id, one.sequence, one.response) for one in found.answers]
    assert told == [("q2", 0, Response()), ("q1", 0, Response(text="Cells"))]
    assert {one.saved_at for one in found.answers} == {found.saved_at}


def test_what_is_kept_and_is_no_answer_spoils_itself_alone() -> None:
    questions = [QUESTION, QUESTION | {"id": "q2"}]

    found = attempt(paper(questions=questions), answers={"q1": 7, "q2": "Cells"})

    assert [one.item_id for one in found.answers] == ["q2"]


def test_what_was_handed_in_has_a_receipt_that_stays_the_same() -> None:
    first, again = attempt(), attempt(paper(now="2026-03-03 00:00:00"))

    assert first.receipt == again.receipt
    assert first.receipt is not None
    assert (first.receipt.answered, first.receipt.of) == (1, 1)
    assert first.receipt.accepted_at == first.submitted_at
    assert attempt(submitted=None).receipt is None


def test_another_answer_has_another_receipt() -> None:
    [one, other] = [attempt(answers={"q1": text}).receipt for text in ("Cells", "Genes")]

    assert one
    assert other
    assert one.hash != other.hash
