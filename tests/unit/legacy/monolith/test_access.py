"""Who may see, take or teach a course."""

import pytest

from legacy.monolith.access import Course, Standing
from legacy.monolith.errors import Forbidden


@pytest.mark.parametrize(
    ("roles", "enrolled", "may"),
    [
        (["LEARNER"], None, ""),
        (["LEARNER"], "LEARNER", "see learn"),
        (["TEACHER"], None, ""),
        (["TEACHER"], "TEACHER", "see teach"),
        (["LEARNER"], "TEACHER", "see teach"),
        (["PROCTOR"], None, ""),
        (["OPERATOR"], None, "see teach"),
        (["OPERATOR", "LEARNER"], "LEARNER", "see teach learn"),
    ],
)
def test_roles_and_enrolment_decide_together(
    roles: list[str], enrolled: str | None, may: str
) -> None:
    standing = Standing(frozenset(roles), enrolled)

    told = {"see": standing.may_see, "teach": standing.may_teach, "learn": standing.may_learn}
    assert {name for name, is_so in told.items() if is_so} == set(may.split())


def test_a_course_refuses_those_it_is_not_for() -> None:
    outside = Course(1, "C-1", "A course", Standing(frozenset(), None))

    with pytest.raises(Forbidden):
        outside.for_learners()
    with pytest.raises(Forbidden):
        outside.for_teachers()


def test_a_course_is_for_its_own() -> None:
    taken = Course(1, "C-1", "A course", Standing(frozenset(), "LEARNER"))
    taught = Course(1, "C-1", "A course", Standing(frozenset(), "TEACHER"))

    assert taken.for_learners() is taken
    assert taught.for_teachers() is taught
