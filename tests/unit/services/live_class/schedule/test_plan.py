"""What an import would do to what is planned already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.live_class.schedule.courses import Wanted
from services.live_class.schedule.ics.occurrence import Occurrence, Span
from services.live_class.schedule.plan import Plan, Planned, plan

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPAN = Span(NINE - timedelta(days=1), NINE + timedelta(days=30))
A_DAY = timedelta(days=1)


def wanted(uid: str = "a", day: int = 0, **said: Any) -> Wanted:
    at = NINE + day * A_DAY
    one = Occurrence(uid, "", 0, "Cells", at, at + timedelta(hours=1), "UTC", line=7)
    return Wanted(replace(one, **said), 12, None)


def held(*given: Wanted, calendar: str = "north") -> list[Planned]:
    rows = (Planned.of(calendar, one) for one in given)
    return [replace(one, id=number, version=1) for number, one in enumerate(rows, 1)]


def compare(new: list[Wanted], rows: list[Planned], off: list[Occurrence] | None = None) -> Plan:
    return plan("north", new, off or [], rows, SPAN)


def test_what_is_there_already_changes_nothing() -> None:
    new = [wanted("a"), wanted("b", day=1)]

    made = compare(new, held(*new))

    assert made == Plan(unchanged=2)
    assert made.writes(prune=True) == []


def test_what_is_new_is_added_and_what_moved_keeps_its_id() -> None:
    made = compare([wanted("a", day=3), wanted("b")], held(wanted("a")))

    assert [one.uid for one in made.added] == ["b"]
    assert [(one.id, one.starts_at) for one in made.changed] == [(1, NINE + 3 * A_DAY)]


def test_what_vanished_stays_unless_it_is_pruned() -> None:
    outside = replace(held(wanted("c"))[0], id=9, starts_at=SPAN.until)

    made = compare([], [*held(wanted("a")), outside])

    assert [one.id for one in made.vanished] == [1]
    assert made.writes(prune=False) == []
    assert [(one.id, one.cancelled) for one in made.writes(prune=True)] == [(1, True)]


def test_what_the_file_calls_off_is_called_off() -> None:
    made = compare([], held(wanted("a")), off=[wanted("a").said])

    assert [(one.id, one.cancelled) for one in made.writes(prune=False)] == [(1, True)]
    assert made.vanished == []


def test_what_was_called_off_comes_back_under_its_id() -> None:
    off = [replace(one, cancelled=True) for one in held(wanted("a"))]

    made = compare([wanted("a")], off)

    assert [(one.id, one.cancelled) for one in made.writes(prune=False)] == [(1, False)]


def test_a_file_that_gives_new_uids_at_each_export_changes_nothing_that_is_shown() -> None:
    made = compare([wanted("new a"), wanted("new b", day=1)], held(wanted("a"), wanted("b", day=1)))

    assert (made.added, made.changed, made.vanished) == ([], [], [])
    assert [(one.id, one.uid) for one in made.renamed] == [(1, "new a"), (2, "new b")]


def test_a_series_that_moves_to_another_hour_keeps_its_ids() -> None:
    before = wanted("a", recurrence="20260302T090000Z")
    after = wanted("a", recurrence="20260302T100000Z", starts_at=NINE + timedelta(hours=1))

    made = compare([after], held(before))

    assert [one.id for one in made.changed] == [1]
    assert made.vanished == []


def test_an_older_word_is_refused() -> None:
    made = compare([wanted("a", day=1, sequence=1)], held(wanted("a", sequence=2)))

    [refused] = made.refused
    assert (refused.line, refused.why) == (
        7,
        "it is older than what is planned: SEQUENCE 1 after 2",
    )
    assert made.writes(prune=True) == []


def test_what_another_calendar_holds_is_not_planned_twice() -> None:
    made = compare([wanted("x")], held(wanted("a"), calendar="south"))

    assert (made.elsewhere, made.added, made.vanished) == (1, [], [])
