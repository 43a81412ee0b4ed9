"""How important an operation is: read off what it asks of the contract, never told by a client."""

from collections.abc import Set
from enum import IntEnum

from graphql import OperationType

COSTLY = 2_000.0
"""A fifth of what a learner's operation may cost."""
NEUTRAL = {"Query.__typename", "Mutation.__typename", "Query.platformStatus"}
EXAM = {
    "Mutation.startAttempt",
    "Mutation.saveAnswers",
    "Mutation.submitAttempt",
    "Mutation.grantTime",
    "Mutation.pauseAttempt",
    "Mutation.resumeAttempt",
    "Mutation.voidAttempt",
    "Mutation.reopenAttempt",
    "Subscription.attemptUpdated",
    "Query.attempt",
}
EXAM_ROOMS = {"Query.assessment", "Query.node"}
"""Of an exam where they ask what one needs to sit it, or for an attempt itself."""
SITTING = {"Assessment.items", "Assessment.window", "Attempt.answers", "Attempt.window"}
LIVE_CLASS = {"Query.liveClass"}
BROWSING = {
    "Assessment.submissions",
    "Assessment.submissionCounts",
    "Course.roster",
    "Viewer.agenda",
}


class Priority(IntEnum):
    """The smaller, the more important; what is least important is refused first."""

    EXAM = 0
    LIVE_CLASS = 1
    INTERACTIVE = 2
    BROWSE = 3


def priority_of(kind: OperationType, asked: Set[str]) -> Priority:
    """`asked` are the coordinates it names: it is as important as the least of its roots.

    So nobody lifts a roster by asking for an attempt beside or below it.
    """
    roots = {one for one in asked if one.partition(".")[0] in ROOTS and "(" not in one}
    least = max((_of_root(one, asked) for one in roots - NEUTRAL), default=Priority.INTERACTIVE)
    if not asked & BROWSING:
        return least
    return Priority.BROWSE if kind is OperationType.QUERY else Priority.INTERACTIVE


ROOTS = {"Query", "Mutation", "Subscription"}


def _of_root(root: str, asked: Set[str]) -> Priority:
    if root in EXAM or (root in EXAM_ROOMS and asked & SITTING):
        return Priority.EXAM
    return Priority.LIVE_CLASS if root in LIVE_CLASS else Priority.INTERACTIVE


def lowered(priority: Priority, kind: OperationType, cost: float, *, is_known: bool) -> Priority:
    """By what is only known when it is asked: by whom, and for how much."""
    if kind is OperationType.MUTATION and is_known:
        return max(priority, Priority.INTERACTIVE) if cost > COSTLY else priority
    return Priority.BROWSE if cost > COSTLY or not is_known else priority
