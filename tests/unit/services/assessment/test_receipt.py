"""A receipt is the same for the same submit, and another for any other."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from msgspec.structs import replace

from services.contracts.assessment import Answer, Receipt, Response
from services.contracts.ids import AttemptId, Kind, Side, encode
from services.contracts.receipt import receipt
from tests.unit.services.assessment.paper import (
    CLEARED,
    after,
    all_right,
    begun,
    definition,
    given,
    saved,
    submitted,
)
from tests.unit.services.assessment.subject import TENANT

ATTEMPT = AttemptId(encode(Kind.ATTEMPT, TENANT, "7-11-1", Side.SERVICE))
OTHER = AttemptId(encode(Kind.ATTEMPT, TENANT, "7-11-1", Side.LEGACY))
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVENING = AT.astimezone(timezone(timedelta(hours=7)))


def of(*answers: Answer, by: AttemptId = ATTEMPT, at: datetime = AT, items: int = 6) -> Receipt:
    return receipt(by, at, answers, items)


def one(choice: str = "a", sequence: int = 3, at: datetime = AT, item: str = "one") -> Answer:
    return Answer(item, sequence, Response(choices=[choice]), at)


def some(*choices: str) -> Answer:
    return Answer("some", 1, Response(choices=list(choices)), AT)


SOME = some("a", "b")
KNOWN = of(one(), SOME)

TEXT = (
    f'[1,"{ATTEMPT}","2026-03-02T09:00:00.000000Z",'
    '[["one",3,{"choices":["a"]}],["some",1,{"choices":["a","b"]}]]]'
)

SAME = [
    ("answers in another order", of(SOME, one())),
    ("an answer that was cleared", of(one(), Answer("word", 9, CLEARED, AT), SOME)),
    ("saved at another time", of(one(at=after(9)), SOME)),
    ("points that are told", of(replace(one(), points=1.0), SOME)),
    ("another zone", of(one(), SOME, at=EVENING)),
    ("other items that nobody answered", of(one(), SOME, items=7)),
]
ANOTHER = [
    ("another attempt", of(one(), SOME, by=OTHER)),
    ("another instant", of(one(), SOME, at=AT + timedelta(microseconds=1))),
    ("one answer less", of(one())),
    ("another sequence", of(one(sequence=4), SOME)),
    ("another item", of(one(item="two"), SOME)),
    ("another choice", of(one("b"), SOME)),
    ("another order", of(one(), some("b", "a"))),
    ("text in place of a choice", of(replace(one(), response=Response(text="a")), SOME)),
]


@pytest.mark.parametrize("found", [row[1] for row in SAME], ids=[row[0] for row in SAME])
def test_what_is_no_part_of_a_submit_changes_no_receipt(found: Receipt) -> None:
    assert found.hash == KNOWN.hash


@pytest.mark.parametrize("found", [row[1] for row in ANOTHER], ids=[row[0] for row in ANOTHER])
def test_each_part_of_a_submit_changes_the_receipt(found: Receipt) -> None:
    assert found.hash != KNOWN.hash


def test_a_receipt_can_be_checked_by_hand() -> None:
    assert KNOWN.hash == sha256(TEXT.encode()).hexdigest()
    assert KNOWN.hash == "16a217f1e506496aeb770d1f2b6b9f61620e207887a0d750dda3fda8027071d3"


def test_a_receipt_says_how_much_was_answered() -> None:
    found = of(one(), Answer("some", 9, CLEARED, AT))

    assert (found.accepted_at, found.answered, found.of) == (AT, 1, 6)


def test_a_submit_has_the_receipt_of_its_answers_and_its_instant() -> None:
    by = definition()
    attempt = saved(begun(by), by, all_right(), after(5))

    done = submitted(attempt, by, [given("one", CLEARED, 2)], after(9))

    assert done.receipt == receipt(done.place.id, after(9), done.answers.values(), len(by.items))
    assert done.receipt.answered == len(all_right()) - 1
