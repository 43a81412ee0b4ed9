"""One case a mutation and id that it takes: who may do it, and with which words."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import get_named_type

from schema.contract import core_schema
from services.contracts.ids import Kind
from tests.security.campus import LEARNER, TEACHER, Campus
from tests.security.exam import learner
from tests.security.walk import selection

ACTION = 'attemptId: "ID" reason: "a fire"'


@dataclass(frozen=True, slots=True)
class Case:
    """`ID` stands for an id of the kind, EXAM and ANNA for some of the asker's own tenant."""

    mutation: str
    given: str
    kind: Kind
    by: int = TEACHER
    is_keyed: bool = True

    @property
    def takes(self) -> str:
        """The field that takes the id in question."""
        before, _, _ = self.given.partition('"ID"')
        return before.rstrip(" [:").split()[-1]

    def document(self, own: Campus) -> str:
        schema = core_schema()
        assert schema.mutation_type is not None
        result = get_named_type(schema.mutation_type.fields[self.mutation].type)
        given = self.given.replace("EXAM", own.exam).replace("ANNA", learner(own))
        given = given.replace("CLASS", own.ids()[Kind.LIVE_CLASS])
        given = given.replace("PARTICIPANT", own.every(Kind.PARTICIPANT)[0])
        key = f'key: "{self.mutation} {self.kind.name}"' if self.is_keyed else ""
        asked = f"{self.mutation}(input: {{ {given} {key} }})"
        return f"mutation {{ {asked} {selection(schema, str(result))} }}"

    def id_of(self, campus: Campus) -> str:
        """Of attempts the open one, of assessments the open one."""
        return campus.every(self.kind)[-1]


CASES = [
    Case("completeLesson", 'lessonId: "ID"', Kind.LESSON, LEARNER),
    Case("renameCourse", 'courseId: "ID" title: "Taken over"', Kind.COURSE),
    Case("startAttempt", 'assessmentId: "ID"', Kind.ASSESSMENT, LEARNER),
    Case("saveAnswers", 'attemptId: "ID" answers: []', Kind.ATTEMPT, LEARNER),
    Case("pauseAttempt", ACTION, Kind.ATTEMPT),
    Case("resumeAttempt", ACTION, Kind.ATTEMPT),
    Case("submitAttempt", 'attemptId: "ID"', Kind.ATTEMPT, LEARNER),
    Case("gradeItem", 'attemptId: "ID" itemId: "q6" points: 1', Kind.ATTEMPT),
    Case("reopenAttempt", ACTION, Kind.ATTEMPT),
    Case("voidAttempt", ACTION, Kind.ATTEMPT),
    Case(
        "regrade",
        'assessmentId: "ID" itemId: "q3" correct: { number: 3 } reason: "a misprint"',
        Kind.ASSESSMENT,
    ),
    Case(
        "grantTime",
        'assessmentId: "ID" learnerIds: ["ANNA"] extraAttempts: 1 reason: "a fire"',
        Kind.ASSESSMENT,
    ),
    Case(
        "grantTime",
        'assessmentId: "EXAM" learnerIds: ["ID"] extraAttempts: 1 reason: "a flood"',
        Kind.LEARNER,
    ),
    Case("setAssessmentRules", 'assessmentId: "ID" atEnd: SUBMIT', Kind.ASSESSMENT),
]
"""In an order in which each can be done to what the ones before it have left."""

IN_CLASS = [
    Case("joinLiveClass", 'classId: "ID"', Kind.LIVE_CLASS),
    Case("startLiveClass", 'classId: "ID"', Kind.LIVE_CLASS),
    Case("raiseHand", 'classId: "ID"', Kind.LIVE_CLASS),
    Case("lowerHand", 'classId: "ID"', Kind.LIVE_CLASS),
    Case("openBreakouts", 'classId: "ID" count: 1 minutes: 5', Kind.LIVE_CLASS),
    Case("moveToBreakout", 'classId: "ID" participantId: "PARTICIPANT"', Kind.LIVE_CLASS),
    Case("moveToBreakout", 'classId: "CLASS" participantId: "ID"', Kind.PARTICIPANT),
    Case(
        "moveToBreakout",
        'classId: "CLASS" participantId: "PARTICIPANT" breakoutId: "ID"',
        Kind.BREAKOUT,
    ),
    Case("closeBreakouts", 'classId: "ID"', Kind.LIVE_CLASS),
    Case("sendSignal", 'classId: "ID" to: "PARTICIPANT" kind: BYE payload: "x"', Kind.LIVE_CLASS),
    Case(
        "reportQuality",
        'classId: "ID" rttMs: 1 lossPercent: 0 jitterMs: 1 relayed: false region: "eu"',
        Kind.LIVE_CLASS,
        is_keyed=False,
    ),
    Case("leaveLiveClass", 'classId: "ID"', Kind.LIVE_CLASS),
    Case("endLiveClass", 'classId: "ID"', Kind.LIVE_CLASS),
]
"""What is done in a class: none of these campuses' is held at present."""


def fields_that_take_ids() -> Iterator[tuple[str, str]]:
    """Each mutation with each field of its input that names something of a tenant."""
    schema = core_schema()
    assert schema.mutation_type is not None
    for name, mutation in schema.mutation_type.fields.items():
        given = get_named_type(mutation.args["input"].type)
        for field in given.fields:
            if field.endswith(("Id", "Ids")) and field != "itemId":
                yield name, field
