"""Parity: queries made from the contract are answered alike by both sides, or a quirk says why."""

from collections.abc import Iterator

import pytest

from legacy.monolith.database import Connection
from tests.both_sides import both_sides
from tests.by_contract import Who, compare_all
from tests.caught_up import has_caught_up
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.stack import Stack

TENANT = "ministry"
TEACHER, LEARNERS, CROWD = 2, 5, 100
READERS = ("progress", "assessment", "live_class")
FEW = {
    "CourseConnection.totalCount": "one a person",
    "CourseEdge.cursor": "one a course of a person",
    "LearnerProgressConnection.totalCount": "one a course that is taught",
    "AssessmentConnection.totalCount": "one a course",
    "SubmissionCount.state": "of those who teach alone",
    "SubmissionCount.count": "of those who teach alone",
    "Answer.points": "NO_KEY_SHOWN: the monolith tells nobody",
    "Score.regradedFrom": "NO_STAFF_COMMANDS: the monolith regrades nothing",
    **dict.fromkeys(
        ("Answer.number", "Answer.text", "Receipt.hash", "Receipt.acceptedAt", "Receipt.answered"),
        "of attempts that were handed in, read where they began",
    ),
    "LiveClass.present": "of classes that somebody has opened",
    "Receipt.of": "of attempts that were handed in, read where they began",
}
"""What may be told too seldom to count as compared, and why."""


@pytest.fixture(scope="module")
def gateways(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with both_sides(stack, tmp_path_factory) as urls:
        yield urls


async def learners(db: Connection) -> list[Who]:
    rows = await db.fetch(
        "SELECT DISTINCT user_id FROM enrolments"
        " WHERE tenant_id = $1 AND role = 'LEARNER' ORDER BY user_id LIMIT $2",
        TENANT,
        CROWD,
    )
    return [(TENANT, row["user_id"], "LEARNER") for row in rows]


async def test_both_sides_say_the_same_by_every_field_of_the_contract(
    monolith_db: Connection, gateways: dict[str, str], figure: Recorder
) -> None:
    await until(lambda: has_caught_up(monolith_db, READERS), most_s=300)
    crowd = await learners(monolith_db)
    found = [(TENANT, TEACHER, "TEACHER"), *crowd[:LEARNERS]]

    parity, queries = await compare_all(gateways, found, crowd)

    few = parity.not_compared()
    figure(
        "parity of the schema",
        people=len(found),
        queries=queries,
        fields=len(parity.compared),
        compared=parity.compared.total(),
        explained=parity.explained.total(),
        differences=len(parity.differences),
        not_compared=" ".join(few),
        **dict(sorted(parity.compared.items())),
    )
    assert parity.differences[:5] == []
    assert set(few) <= FEW.keys()
    assert {one.rpartition(" ")[2] for one in parity.explained} == {"NO_PREVIEWS", "NO_GRADEBOOK"}
