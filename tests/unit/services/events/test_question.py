"""What a consumer may ask of a feed."""

import pytest
from starlette.datastructures import QueryParams

from services.events.feed_routes import BadQuestion, Question


def test_a_question_is_read() -> None:
    query = QueryParams("partition=3&after=120&limit=7&consumer=live_class")

    assert Question.read(query) == Question(3, 120, 7, "live_class")


def test_only_the_partition_must_be_named() -> None:
    assert Question.read(QueryParams("partition=0")) == Question(0, 0, 500, None)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", "partition"),
        ("partition=4", "partition"),
        ("partition=-1", "partition"),
        ("partition=\u0661", "partition"),
        ("partition=0&after=-1", "after"),
        (f"partition=0&after={2**63}", "after"),
        (f"partition=0&after={'9' * 10_000}", "after"),
        ("partition=0&after=1.5", "after"),
        ("partition=0&limit=0", "limit"),
        ("partition=0&limit=501", "limit"),
        ("partition=0&consumer=", "consumer"),
        ("partition=0&consumer=Progress", "consumer"),
        (f"partition=0&consumer={'a' * 64}", "consumer"),
    ],
)
def test_anything_else_is_refused_by_name(query: str, wrong: str) -> None:
    with pytest.raises(BadQuestion, match=f"^{wrong} is "):
        Question.read(QueryParams(query))
