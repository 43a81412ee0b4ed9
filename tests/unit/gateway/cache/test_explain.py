"""`banyan cache explain` tells how long an answer is kept, for whom, and what decided that."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cache.cli import cache

SHARED = 'query Shared { assessment(id: "x") { title items { prompt } } }'
MIXED = """query Mixed {
  all: course(id: "x") { title liveClasses { title } }
  own: course(id: "x") { outline { lessons { title completed } } }
}"""


def told(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cache, ["explain", *arguments], input=given)


def rows(said: Result) -> list[list[str]]:
    """The cells of all lines, as far as two spaces part them."""
    assert said.exit_code == 0, said.output
    return [
        [cell.strip() for cell in line.split("  ") if cell.strip()]
        for line in said.output.splitlines()
    ]


def test_what_may_be_kept_says_for_how_long_and_for_whom() -> None:
    lines = told(SHARED).output.splitlines()

    assert lines[:3] == [
        "query Shared",
        "the whole answer: maxAge 60, TENANT: kept by everybody of the tenant who passes its "
        "guards; 30 s more while it is renewed",
        "kept whole: yes, shared: yes",
    ]


def test_each_thing_that_is_said_has_its_way_and_its_reason() -> None:
    found = rows(told(SHARED))

    said, both = "maxAge 60, TENANT, stale 30", "maxAge, scope"
    by_type = "its type Assessment says so"
    assert ["assessment", "Query.assessment", said, by_type, both] in found
    assert ["assessment.items", "Assessment.items", said, "its field says so", both] in found


def test_the_guards_of_a_hit_are_named_and_whether_they_judge_what_is_found() -> None:
    found = rows(told(SHARED))

    assert ["Query.assessment", "names ASSESSMENT, enrolled (found)"] in found
    assert ["Assessment.items", "enrolled"] in found


def test_what_makes_an_answer_private_is_told_and_which_root_it_is_in() -> None:
    found = rows(told(MIXED))

    assert ["the whole answer: maxAge 0, PRIVATE: not kept"] in found
    at = "own.outline.lessons.completed"
    why = "its field says so"
    assert [at, "Lesson.completed", "maxAge 0, PRIVATE", why, "maxAge, scope"] in found
    assert ["own", "maxAge 0, PRIVATE: not kept"] in found
    [kept] = [row[1] for row in found if row[:1] == ["all"] and len(row) == 2]
    assert kept.startswith("maxAge 30, TENANT: kept")


def test_what_an_id_names_decides_which_guards_there_are() -> None:
    found = rows(told('{ node(id: "x") { ... on Course { title } } }'))

    [judged] = [row[1] for row in found if row[:1] == ["Query.node"]]
    assert judged.endswith("those of the kind that the id names")
    assert ["kept whole: yes, shared: no"] in found


def test_a_mutation_is_said_to_be_never_kept() -> None:
    said = told('mutation { completeLesson(input: {lessonId: "x", key: "k"}) { __typename } }')

    assert "no mutation is ever kept" in said.output


def test_a_file_and_standard_input_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "mixed.graphql"
    path.write_text(MIXED)

    assert told(str(path)).output == told("-", given=MIXED).output == told(MIXED).output


def test_a_clients_words_are_no_markup() -> None:
    assert "[bold]" not in told(SHARED).output
    assert "no document and no file" in told("[bold]").output


@pytest.mark.parametrize("query", ["{ nothing }", "{", "nowhere.graphql"])
def test_what_cannot_be_explained_is_said_in_a_sentence(query: str) -> None:
    failed = told(query)

    assert failed.exit_code == 1
    assert failed.output.startswith("Error: ")
