"""The judge of parity: it counts what it compared, and finds what was planted."""

from typing import Any

import pytest

from tests.parity import Parity

ANSWER: dict[str, Any] = {
    "viewer": {"courses": [{"title": "One", "progress": None}, {"title": "Two", "progress": 0.5}]}
}


def changed(path: str, value: Any) -> dict[str, Any]:
    courses: list[Any] = [dict(course) for course in ANSWER["viewer"]["courses"]]
    if path == "count":
        courses.pop()
    elif path == "order":
        courses.reverse()
    elif path == "missing":
        del courses[0]["title"]
    else:
        courses[1][path] = value
    return {"viewer": {"courses": courses}}


def test_equal_answers_have_no_difference_and_nulls_are_no_comparison() -> None:
    parity = Parity()

    parity.take(ANSWER, changed("title", "Two"))

    assert parity.differences == []
    assert parity.compared == {"viewer.courses.title": 2, "viewer.courses.progress": 1}
    assert len(parity.not_compared()) == 2


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", "Three"),
        ("progress", 0.25),
        ("progress", None),
        ("count", None),
        ("order", None),
        ("missing", None),
    ],
)
def test_a_planted_difference_is_found(path: str, value: Any) -> None:
    parity = Parity()

    parity.take(ANSWER, changed(path, value))

    assert parity.differences
