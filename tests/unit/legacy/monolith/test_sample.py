"""What the sample is made of."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

import pytest

from legacy.monolith.local_time import read
from legacy.monolith.sample.make import tenant
from legacy.monolith.sample.plan import ACME, DEMO_LEARNER, MINISTRY, NORTHFIELD, PLANS
from legacy.monolith.sample.rows import Row, Rows

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12)  # noqa: DTZ001


@pytest.fixture(scope="module")
def sample() -> dict[str, Rows]:
    return {plan.tenant: tenant(plan, DAY, seed=1) for plan in PLANS}


def table(sample: dict[str, Rows], name: str) -> list[Row]:
    return [row for rows in sample.values() for row in rows.tables[name]]


def bodies(sample: dict[str, Rows]) -> list[dict[str, Any]]:
    """Of all assessments."""
    return [row[7] for row in table(sample, "content") if row[4] == "assessment"]


def test_the_same_day_and_seed_give_the_same_rows() -> None:
    assert tenant(ACME, DAY, seed=1) == tenant(ACME, DAY, seed=1)


def test_another_seed_gives_other_rows() -> None:
    assert tenant(ACME, DAY, seed=1) != tenant(ACME, DAY, seed=2)


def test_there_are_40_courses_and_2000_learners_in_tenants_of_very_different_size(
    sample: dict[str, Rows],
) -> None:
    learners = {
        name: sum(row[2] == "LEARNER" for row in rows.tables["roles"])
        for name, rows in sample.items()
    }

    assert learners == {"ministry": 1_500, "northfield": 450, "acme": 50}
    assert len(table(sample, "courses")) == 40


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.tenant)
def test_the_staff_have_their_numbers_and_every_course_its_teacher(
    sample: dict[str, Rows], plan: Any
) -> None:
    rows = sample[plan.tenant]
    taught = {row[1]: row[2] for row in rows.tables["enrolments"] if row[3] == "TEACHER"}

    assert [row[2] for row in rows.tables["roles"][:4]] == [
        "OPERATOR",
        "TEACHER",
        "PROCTOR",
        "LEARNER",
    ]
    assert len(taught) == len(plan.courses)
    assert list(taught.values()).count(2) == min(20, len(plan.courses))


def test_the_demo_learner_takes_up_to_twenty_courses_and_is_on_the_way_in_each(
    sample: dict[str, Rows],
) -> None:
    taken = {}
    for plan in (MINISTRY, NORTHFIELD, ACME):
        rows = sample[plan.tenant].tables
        taken[plan.tenant] = [row[1] for row in rows["enrolments"] if row[2] == DEMO_LEARNER]
        for course in taken[plan.tenant]:
            lessons = [row for row in rows["content"] if (row[2], row[4]) == (course, "lesson")]
            done = [row for row in rows["completions"] if row[2:4] == (DEMO_LEARNER, course)]
            assert 0 < len(done) < len(lessons)

    assert {name: len(courses) for name, courses in taken.items()} == {
        "ministry": 20,
        "northfield": 12,
        "acme": 4,
    }


def test_every_course_has_modules_with_lessons_of_all_four_kinds(
    sample: dict[str, Rows],
) -> None:
    kinds: dict[Row, set[str]] = defaultdict(set)
    in_module: Counter[Row] = Counter()
    modules: Counter[Row] = Counter()
    for row in table(sample, "content"):
        if row[4] == "module":
            modules[row[0], row[2]] += 1
        if row[4] == "lesson":
            kinds[row[0], row[2]].add(row[7]["type"])
            in_module[row[0], row[3]] += 1

    assert all(found == {"TEXT", "VIDEO", "QUIZ", "LIVE"} for found in kinds.values())
    assert {3, 4, 5} >= set(modules.values())
    assert {3, 4, 5, 6} >= set(in_module.values())


def test_every_course_has_an_assessment_that_is_open_and_one_that_is_over(
    sample: dict[str, Rows],
) -> None:
    states = defaultdict(list)
    for row in table(sample, "content"):
        if row[4] == "assessment":
            opens, closes = read(row[7]["opens"]), read(row[7]["closes"])
            state = "over" if closes < NOON else "coming" if opens > NOON else "open"
            states[row[0], row[2]].append(state)

    assert len(states) == 40
    assert all({"over", "open"} <= set(found) for found in states.values())
    assert all(2 <= len(found) <= 4 for found in states.values())
    assert any("coming" in found for found in states.values())


def test_weights_of_a_course_add_up_to_100(sample: dict[str, Rows]) -> None:
    weights: dict[tuple[str, int], float] = defaultdict(float)
    for row in table(sample, "content"):
        if row[4] == "assessment":
            weights[row[0], row[2]] += row[7]["weight"]

    assert set(weights.values()) == {100.0}


def test_there_are_sixty_different_questions_of_five_kinds(sample: dict[str, Rows]) -> None:
    questions = [question for body in bodies(sample) for question in body["questions"]]

    assert len({question["prompt"] for question in questions}) >= 60
    assert {question["type"] for question in questions} == {
        "single",
        "multiple",
        "number",
        "text",
        "order",
    }


def test_keys_are_among_the_choices(sample: dict[str, Rows]) -> None:
    for body in bodies(sample):
        for question in body["questions"]:
            ids = {choice["id"] for choice in question["choices"]}
            if question["type"] == "single":
                assert question["answer"] in ids
            if question["type"] in {"multiple", "order"}:
                assert ids >= set(question["answer"])


def test_attempts_are_of_learners_of_the_course_and_within_the_limits(
    sample: dict[str, Rows],
) -> None:
    enrolled = {row[:3] for row in table(sample, "enrolments") if row[3] == "LEARNER"}
    counted = 0
    for row in table(sample, "content"):
        for user, attempts in row[8].items():
            assert (row[0], row[2], int(user)) in enrolled
            assert len(attempts) <= row[7]["attempts_allowed"]
            assert all(attempt["started"] >= row[7]["opens"] for attempt in attempts)
            counted += len(attempts)

    assert counted > 5_000


def test_classes_reach_from_two_weeks_ago_to_eight_weeks_ahead(
    sample: dict[str, Rows],
) -> None:
    starts = sorted(row[5] for row in table(sample, "timetable"))

    assert (DAY - starts[0].date()).days in range(10, 16)
    assert (starts[-1].date() - DAY).days in range(53, 60)


@pytest.mark.parametrize("name", ["people", "content", "timetable", "completions", "enrolments"])
def test_no_key_is_used_twice(sample: dict[str, Rows], name: str) -> None:
    width = {"completions": 3, "enrolments": 3}.get(name, 2)
    keys = [row[:width] for row in table(sample, name)]

    assert len(keys) == len(set(keys))
