"""The scorer that is kept from the monolith says of everything what the monolith says."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from legacy.monolith import scoring
from legacy.monolith.shapes import Question
from services.assessment.scoring import as_monolith
from services.contracts.assessment import Item, ItemKind, Response
from services.contracts.events import ItemKey

KINDS = {
    "single": ItemKind.SINGLE_CHOICE,
    "multiple": ItemKind.MULTIPLE_CHOICE,
    "number": ItemKind.NUMERIC,
    "text": ItemKind.TEXT,
    "order": ItemKind.ORDERING,
}
choices = st.sampled_from("abcde")
lists = st.lists(choices, max_size=6)
# Near each other, so that tolerances decide; and as odd as a float may be.
floats = st.sampled_from([0.1, 0.2, 0.3, 0.4, 1.0, 1.1, 9.9, 1e300, 1.1e300]) | st.floats(
    allow_nan=False, allow_infinity=False
)
texts = st.sampled_from(["cell", " Cell", "CELL\n", "straße", "STRASSE", "", " ", "İ"]) | st.text(
    max_size=4
)
points = st.sampled_from([0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 3.0]) | st.floats(0, 100)

answers: dict[str, st.SearchStrategy[Any]] = {
    "single": choices,
    "multiple": st.lists(choices, min_size=1, max_size=5),
    "number": floats,
    "text": st.none() | st.lists(texts, max_size=3),
    "order": st.lists(choices, min_size=1, max_size=5),
}
responses: dict[str, st.SearchStrategy[Any]] = {
    "single": st.none() | choices,
    "multiple": st.none() | lists,
    "number": st.none() | floats,
    "text": st.none() | texts,
    "order": st.none() | lists,
}
FIELDS = {"number": "number", "text": "text"}


@st.composite
def questions(draw: st.DrawFn, name: str) -> tuple[Question, Any]:
    """A question, and what was answered to it."""
    kind = draw(st.sampled_from(list(KINDS)))
    question: Any = {
        "id": name,
        "type": kind,
        "prompt": "?",
        "choices": [],
        "answer": draw(answers[kind]),
        "points": draw(points),
    }
    if kind == "number" and draw(st.booleans()):
        question["tolerance"] = draw(st.sampled_from([0.0, 0.1, 0.2, 1.0]))
    return question, draw(responses[kind])


papers = st.integers(0, 5).flatmap(
    lambda size: st.tuples(*(questions(str(number)) for number in range(size)))
)


def as_item(question: Question) -> Item:
    return Item(question["id"], "?", KINDS[question["type"]], [], question["points"])


def as_key(question: Question) -> ItemKey:
    kind, answer, tolerance = question["type"], question["answer"], question.get("tolerance", 0.0)
    field = {"number": "number", "text": "texts"}.get(kind, "choices")
    said: Any = {field: [answer] if kind == "single" else answer}
    return ItemKey(question["id"], tolerance=tolerance, **said)


def as_response(question: Question, answer: Any) -> Response:
    if answer is None:
        return Response()
    said = [answer] if question["type"] == "single" else answer
    fields: Any = {FIELDS.get(question["type"], "choices"): said}
    return Response(**fields)


@settings(max_examples=500, deadline=None)
@given(papers)
def test_every_score_is_the_monoliths(paper: tuple[tuple[Question, Any], ...]) -> None:
    asked = [question for question, _ in paper]
    said = {question["id"]: answer for question, answer in paper if answer is not None}
    responses = {question["id"]: as_response(question, answer) for question, answer in paper}

    found = as_monolith.score([*map(as_item, asked)], [*map(as_key, asked)], responses, {})

    old = scoring.score(asked, said)
    assert found.max == scoring.most(asked)
    assert bool(found.waiting) is (old is None)
    assert old is None or found.raw == old
    for question in asked:
        name = question["id"]
        assert found.points[name] == scoring.points(question, said.get(name))


def test_the_monolith_may_give_more_than_there_is() -> None:
    """Kept as it is: each item is rounded, and only then the sum."""
    items = [Item(name, "?", ItemKind.SINGLE_CHOICE, [], 0.05) for name in "xy"]
    keys = [ItemKey(name, choices=["a"]) for name in "xy"]

    found = as_monolith.score(items, keys, {name: Response(choices=["a"]) for name in "xy"}, {})

    assert (found.raw, found.max) == (0.2, 0.1)
