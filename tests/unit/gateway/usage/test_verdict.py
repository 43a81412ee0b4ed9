"""A change breaks those who used what it touches, and nobody else."""

from datetime import timedelta

from graphql import build_schema

from gateway.usage.client import Client
from gateway.usage.counting import Place
from gateway.usage.reading import Known
from gateway.usage.verdict import verdict
from tests.fakes.tenant import NOW

WEB, IOS = Client("web", "1.2"), Client("ios")
TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
OLD = "type Query { title: String, code: String, size: Int }"
NEW = 'type Query { title: String @deprecated(reason: "Use `name`."), size: Int }'
USED = Known.of(
    {
        Place(YESTERDAY, WEB): {"Query.title": 2, "Query.code": 5},
        Place(TODAY, WEB): {"Query.title": 1, "Query.code": 7},
        Place(TODAY, IOS): {"Query.title": 9},
    }
)
NOTHING_USED = Known.of({Place(TODAY, IOS): {"Query.size": 9}})


def told(old: str, new: str, known: Known | None) -> tuple[int, list[str]]:
    judged = verdict(build_schema(old), build_schema(new), known)
    return judged.broken, list(judged.lines())


def test_days_add_up_and_the_last_is_known() -> None:
    [code] = [use for use in USED.uses if use.at == "Query.code"]

    assert (code.client, code.requests, code.last) == (WEB, 12, TODAY)
    assert USED.since == YESTERDAY


def test_a_removed_field_breaks_those_who_asked_for_it() -> None:
    assert told(OLD, NEW, USED) == (
        1,
        [
            "BREAKING Field Query.code was removed.",
            f"    web 1.2: 12 requests of Query.code, last on {TODAY}",
            "DEPRECATED Query.title is still used: Use `name`.",
            f"    ios: 9 requests of Query.title, last on {TODAY}",
            f"    web 1.2: 3 requests of Query.title, last on {TODAY}",
        ],
    )


def test_what_nobody_used_may_go() -> None:
    assert told(OLD, NEW, NOTHING_USED) == (
        0,
        ["BREAKING Field Query.code was removed.", "    nobody uses it"],
    )


def test_without_numbers_nobody_is_said_to_be_safe() -> None:
    judged = verdict(build_schema(OLD), build_schema(NEW), None)

    assert (judged.broken, judged.is_unknown) == (0, True)
    assert list(judged.lines())[1] == "    who uses it is not known"


def test_a_surprise_is_told_and_breaks_nobody() -> None:
    new = OLD.replace("title:", "title(short: Boolean):")

    broken, lines = told(OLD, new, USED)

    assert broken == 0
    assert lines[0].startswith("DANGEROUS An optional argument Query.title(short:)")
    assert len(lines) == 3


def test_a_change_that_is_tied_to_nothing_touches_everybody() -> None:
    assert [use.client for use in USED.by(None)] == [WEB, IOS]


def test_no_change_is_said_to_be_none() -> None:
    assert told(OLD, OLD, USED) == (0, ["No change breaks a client, or may surprise one."])
