"""What the machine draws from: small sets, so that what it does meets what it did."""

from datetime import timedelta
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from services.assessment.model.accommodation import Accommodation
from services.contracts.assessment import AssessmentKind, AtEnd, Given, Response, Rules
from services.contracts.events import ItemKey
from tests.unit.services.assessment.paper import (
    CLEARED,
    ENDS,
    ESSAY,
    ITEMS,
    KEYS,
    RIGHT,
    WRONG,
    after,
    definition,
)
from tests.unit.services.assessment.subject import BEGINS, Action

HALF_HOUR = timedelta(minutes=30)
GRACE = timedelta(seconds=30)
RULES = [
    Rules(AtEnd.SUBMIT),
    Rules(AtEnd.SUBMIT, late_for_s=600),
    Rules(AtEnd.SUBMIT, late_for_s=3 * 86_400, late_penalty=40.0),
    Rules(AtEnd.SUBMIT, late_for_s=10, prepare_s=900),
    Rules(AtEnd.OVERDUE, overdue_s=600, late_penalty=15.0),
    Rules(AtEnd.OVERDUE, late_for_s=3600, overdue_s=86_400, late_penalty=60.0),
    Rules(AtEnd.ABANDON),
    Rules(AtEnd.ABANDON, late_for_s=600),
    Rules(AtEnd.STAY_OPEN, late_for_s=None),
    Rules(AtEnd.STAY_OPEN, late_for_s=None, late_penalty=70.0),
    Rules(AtEnd.STAY_OPEN, late_for_s=3600),
]
DEFINITIONS = {
    "quiz": definition(grace=GRACE, attempts_allowed=1),
    "quiz with a limit": definition(grace=GRACE, time_limit=HALF_HOUR),
    "quiz without a close": definition(closes_at=None, time_limit=HALF_HOUR, attempts_allowed=1),
    "quiz without time": definition(opens_at=None, closes_at=None, attempts_allowed=2),
    "exam": definition(AssessmentKind.EXAM, grace=GRACE, attempts_allowed=1),
    "exam with a limit": definition(AssessmentKind.EXAM, time_limit=HALF_HOUR, attempts_allowed=2),
    "exam to come": definition(
        AssessmentKind.EXAM, opens_at=after(600), grace=GRACE, time_limit=HALF_HOUR
    ),
    "assignment": definition(AssessmentKind.ASSIGNMENT, grace=GRACE, attempts_allowed=1),
}
EDITS: dict[str, dict[str, object]] = {
    "fewer items": {"items": ITEMS[:4]},
    "other items, closes later": {"items": ITEMS[2:], "closes_at": ENDS + HALF_HOUR},
    "another key": {"keys": [ItemKey("one", choices=["b"]), *KEYS[1:]]},
    "closes sooner": {"closes_at": BEGINS + HALF_HOUR, "time_limit": timedelta(minutes=10)},
    "as at first, two attempts": {"items": ITEMS, "keys": KEYS, "attempts_allowed": 2},
}
ANSWERS = {
    "one": [RIGHT["one"], WRONG, CLEARED],
    "some": [RIGHT["some"], WRONG, Response(choices=["c", "a"])],
    "number": [RIGHT["number"], Response(number=4.0)],
    "essay": [ESSAY, Response(text=" "), CLEARED],
    "order": [RIGHT["order"], Response(choices=["a", "c", "b"])],
}
KNOWN = [
    Given(item, sequence, response)
    for sequence in range(1, 7)
    for item, responses in ANSWERS.items()
    for response in responses
]
NONSENSE = [
    Given("nobody", 1, ESSAY),
    Given("one", 9, ESSAY),
    Given("one", 9, Response(choices=["a", "b"])),
    Given("one", 9, Response(choices=["z"])),
    Given("number", 9, Response(text="4.0")),
    Given("essay", 9, Response(choices=["a"], text="Because.")),
    Given("essay", -1, ESSAY),
]
CORRECTIONS = [
    ("one", WRONG),
    ("one", RIGHT["one"]),
    ("some", Response(choices=["a", "c"])),
    ("number", Response(number=4.0)),
    ("essay", ESSAY),
    ("order", Response(choices=["a", "c", "b"])),
    ("one", CLEARED),
    ("one", ESSAY),
]
GRANTS = [
    Accommodation(1.5),
    Accommodation(extra=timedelta(minutes=5)),
    Accommodation(2.0, timedelta(minutes=1), 1),
    Accommodation(extra_attempts=1),
    Accommodation(0.5),
    Accommodation(extra=timedelta(days=8)),
]

CHANGES: list[Rules | str | bool] = [*RULES, *EDITS, False, False, False, False, True, True]
"""Other rules, a version's edit, or an attempt on the old side that is banked or not."""

WHY = "A fire alarm."


class Sent(NamedTuple):
    """`pick` chooses an attempt; `ahead` is how far from its version the expected one is."""

    pick: int
    given: list[Given]
    waited_s: float = 0.0
    ahead: int | None = None


class AtAnEdge(NamedTuple):
    """What is done `off_s` behind which of an attempt's edges in time."""

    edge: int
    off_s: float
    deed: str
    sent: Sent


class Acted(NamedTuple):
    pick: int
    action: Action
    reason: str


# Tossed once: one draw out of many is much quicker than many draws. The simplest come first.
TOSSES = Random(7)


def _pick() -> int:
    return TOSSES.choice([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5])


def _given() -> list[Given]:
    known = TOSSES.sample(KNOWN, TOSSES.choice([0, 1, 1, 1, 2]))
    return known if TOSSES.random() < 0.95 else [*known, TOSSES.choice(NONSENSE)]


def _sent() -> Sent:
    waited_s = TOSSES.choice([0.0, 0.0, 0.0, 1.0, 5.0, 40.0])
    return Sent(_pick(), _given(), waited_s, TOSSES.choice([None] * 8 + [0, -1]))


def _at_an_edge() -> AtAnEdge:
    deed = TOSSES.choice(
        ["save", "save", "submit", "submit", "sweep", "sweep, save", "sweep, submit"]
    )
    off_s = TOSSES.choice([-2.0, -1.0, 0.0, 1.0, 1.0, 2.0])
    return AtAnEdge(TOSSES.choice([0, 1, 2, 2, 3]), off_s, deed, _sent())


def _acted() -> Acted:
    action: Action = TOSSES.choice(["pause", "resume", "void", "void", "reopen"])
    return Acted(_pick(), action, TOSSES.choice([WHY] * 8 + [" ", "x" * 501]))


SENT = sorted((_sent() for _ in range(600)), key=lambda sent: (len(sent.given), sent.waited_s))
AT_AN_EDGE = [_at_an_edge() for _ in range(600)]
ACTED = [_acted() for _ in range(100)]

picks = st.sampled_from(range(3))
definitions = st.sampled_from(list(DEFINITIONS))
rules = st.sampled_from(RULES)
changes = st.sampled_from(CHANGES)
starters = st.sampled_from(
    [(user, waited_s) for waited_s in (0.0, 5.0) for user in (11, 12, 12, 90)]
)
sent = st.sampled_from(SENT)
at_an_edge = st.sampled_from(AT_AN_EDGE)
acted = st.sampled_from(ACTED)
graded = st.sampled_from(
    [
        (pick, *grade)
        for pick in range(3)
        for grade in [("essay", 2.5), ("essay", 0.0), ("one", 0.5), ("one", 1.5), ("no", 0.0)]
    ]
)
corrections = st.sampled_from([*CORRECTIONS[:-2], *CORRECTIONS])
granted = st.sampled_from(
    [(user, given, WHY) for user in (11, 12) for given in GRANTS] + [(11, GRANTS[0], " ")]
)
spans_s = st.sampled_from([1.0, 3.0, 20.0, 59.0, 300.0, 600.0, 1800.0, 86_400.0])
