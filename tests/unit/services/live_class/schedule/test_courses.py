"""Which course an event is a class of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.live_class.schedule.courses import BadRule, Rule, mapped, rules_of
from services.live_class.schedule.ics.occurrence import Occurrence

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def said(title: str, uid: str = "a", line: int = 1, category: str = "") -> Occurrence:
    return Occurrence(
        uid, "", 0, title, NINE, NINE + timedelta(hours=1), "UTC", (category,), line=line
    )


def test_the_first_rule_that_fits_counts() -> None:
    rules = [Rule.read("PUSL2022*(LAB)=7:31"), Rule.read("pusl2022*=12")]

    found = mapped(rules, [said("PUSL2022 - IOT (Lab)"), said("PUSL2022 - IOT"), said("Sports")])

    assert [(one.course, one.teacher) for one in found.wanted] == [(7, 31), (12, None)]
    assert found.unmapped == {"Sports": 1}


def test_a_rule_may_look_at_the_category() -> None:
    found = mapped(
        [Rule.read("category:Algebra=7")], [said("Lab", category="algebra"), said("Lab")]
    )

    assert [one.course for one in found.wanted] == [7]


def test_a_course_has_the_same_class_once() -> None:
    found = mapped([Rule.read("*=7")], [said("Lab", "b", line=9), said("Lab", "a", line=2)])

    assert [one.said.uid for one in found.wanted] == ["a"]
    assert [(one.line, one.why) for one in found.refused] == [
        (9, "it says the same as line 2 under another UID")
    ]


@pytest.mark.parametrize("text", ["", "=7", "Lab", "Lab=x", "Lab=7:", "Lab=7:31:1"])
def test_what_is_no_rule_is_told_so(text: str) -> None:
    with pytest.raises(BadRule, match="is no rule"):
        Rule.read(text)


def test_rules_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("pattern,course,teacher,field\nLab*,7,31,\nAlgebra,8,,category\n")

    assert rules_of(path) == [
        Rule("summary", "Lab*", 7, 31),
        Rule("category", "Algebra", 8, None),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "no columns"),
        ("pattern,course\nLab,x\n", "line 2"),
        ("pattern,course\n,7\n", "line 2"),
    ],
)
def test_a_file_of_rules_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "map.csv"
    path.write_text(text)

    with pytest.raises(BadRule, match=why):
        rules_of(path)
