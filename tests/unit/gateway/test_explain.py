"""`banyan explain` tells how an operation is executed, or what is wrong with it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.execution.cli import explain

COURSES = """query Mine($a: ID!, $b: ID!) {
  viewer { courses { edges { node { title progress { ratio } t: progress { total } } } } }
  one: course(id: $a) { title }
  two: course(id: $b) { code outline { id } }
}"""


def told(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(explain, arguments, input=given)


def test_a_plan_is_a_tree_of_calls_with_what_is_asked_for_together() -> None:
    lines = told(COURSES).output.splitlines()

    assert lines[:3] == ["query Mine", lines[1], "compiled"]
    assert lines[1].startswith("cost ")
    assert lines[4:] == [
        "level 1  Query.viewer: Viewer! of 0  by resolvers.viewer.me",
        "  level 2  Viewer.courses: CourseConnection of 1  by resolvers.viewer.courses",
        "    level 3  Course.progress: Progress of 1 + t: Course.progress  "
        "by resolvers.progress.of_courses",
        "level 1  one: Query.course(id: $a): Course of 1 + two: Query.course(id: $b)  "
        "by resolvers.course.by_ids",
        "  level 2  Course.outline: [Module!] of 1  by resolvers.course.outlines",
    ]


def test_the_same_source_with_other_arguments_is_another_call() -> None:
    document = """query ($n: Int) {
      viewer { a: courses(first: 1) { totalCount } b: courses(first: $n) { totalCount } } }"""

    apart = told(document, "--variables", '{"n": 2}').output
    as_one = told(document, "--variables", '{"n": 1}').output

    assert (apart.count("level 2"), as_one.count("level 2")) == (2, 1)


def test_commands_are_told_apart_from_what_is_asked_of_what_they_give() -> None:
    document = """mutation ($id: ID!, $key: ID!) {
      completeLesson(input: { lessonId: $id, key: $key }) {
        ... on LessonCompleted { progress { ratio } } } }"""

    lines = told(document).output.splitlines()

    assert lines[4].startswith("command  Mutation.completeLesson(")
    assert lines[5].startswith("  level 1  LessonCompleted.progress: Progress of 1  by ")


def test_a_subscription_is_told_by_its_event() -> None:
    said = told('subscription { progressUpdated(courseId: "x") { ratio } }').output

    assert 'event  Subscription.progressUpdated(courseId: "x"): Progress! of 1' in said


def test_a_file_and_standard_input_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.graphql"
    path.write_text(COURSES)

    assert told(str(path)).output == told(COURSES).output
    assert told("-", given=COURSES).output == told(COURSES).output


def test_the_source_has_none_of_the_clients_words_but_in_what_its_names_stand_for() -> None:
    said = told('{ sneaky: course(id: "x") { wily: title } }', "--source").output
    source = said[said.index("def select0") :]

    compile(source, "<told>", "exec")
    assert "sneaky" not in source
    assert "wily" not in source
    assert "# key" in said


def test_what_is_not_compiled_says_why_and_has_no_source() -> None:
    document = "{ __schema { description } }"

    assert "by graphql-core: __schema is a field of the language itself" in told(document).output
    failed = told(document, "--source")
    assert (failed.exit_code, "There is no source" in failed.output) == (1, True)


def test_what_is_deferred_is_said_to_be_anothers_where_it_goes_in_parts() -> None:
    said = told("{ viewer { id ... @defer { courses { totalCount } } } }").output

    assert "graphql-core for clients that take what is deferred in parts" in said


def test_variables_are_asked_for_only_where_they_decide_what_is_asked() -> None:
    document = "query ($is: Boolean!) { viewer { id name @include(if: $is) } }"

    assert "say them by --variables" in told(document).output
    assert "Viewer.name" in told(document, "--variables", '{"is": true}').output
    assert "Viewer.name" not in told(document, "--variables", '{"is": false}').output


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["{ viewer { "], "Syntax Error: Expected Name, found <EOF>."),
        (["{ nothing }"], "Cannot query field 'nothing' on type 'Query'."),
        (["query A { viewer { id } } query B { viewer { id } }"], "Name one operation"),
        (["{ viewer { id } }", "--operation", "A"], "Name one operation"),
        (["nowhere.graphql"], "nowhere.graphql is no document and no file of one"),
        (["{ viewer { id } }", "--variables", "[]"], "--variables is no JSON object"),
        ([COURSES, "--variables", "{}"], "Variable '$a' has invalid value"),
    ],
)
def test_what_cannot_be_explained_is_said_in_a_sentence(arguments: list[str], error: str) -> None:
    failed = told(*arguments)

    assert failed.exit_code == 1
    assert failed.output.startswith("Error: ")
    assert error in failed.output
