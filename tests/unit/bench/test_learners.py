"""What a bench of learners counts: each kind of loss is seen, and what was heard when."""

import asyncio
from collections import Counter
from typing import Any, cast

import msgspec

from bench.class_to_all import ClassToAll
from bench.learners_found import Hero, Judged, judge, percentile
from bench.learners_hand import Hand
from bench.learners_heard import Heard
from bench.learners_plan import Found, School
from bench.learners_seat import Seat
from bench.tiny_socket import TinySocket

SCHOOL = School("acme", 5, 2, 3)


def found(**changed: Any) -> Found:
    """Of learner 7, who completed two lessons and heard of both."""
    said: dict[str, Any] = {
        "took": [0.1, 0.2],
        "answered": [0.1, 0.1],
        "hands": [],
        "again": {},
        "refused": {},
        "closed": {},
        "anew": 0,
        "skipped": 0,
        "repeated": 0,
        "moments": {},
        "done": {7: 2},
        "known": {7: 2},
        "unanswered": [],
        "busy": 0,
    }
    return Found(**(said | changed))


def judged(one: Found, kept: int) -> Judged:
    return judge([one], {7: kept}, [], 1)


def test_what_is_kept_and_told_as_it_was_acknowledged_is_no_loss() -> None:
    assert judged(found(), kept=2) == Judged(0, 0, 0, 0, 0)


def test_what_was_acknowledged_and_is_not_kept_is_lost() -> None:
    assert judged(found(), kept=1).lost == 1


def test_what_is_kept_and_was_not_told_is_lost() -> None:
    assert judged(found(known={7: 1}), kept=2).lost == 1


def test_what_nobody_asked_for_is_doubled() -> None:
    assert judged(found(known={7: 3}), kept=3).doubled == 1


def test_what_was_asked_for_without_an_answer_may_be_kept_or_not() -> None:
    unanswered = found(unanswered=[7], known={7: 3})

    assert judged(unanswered, kept=3).doubled == 0
    assert judged(found(unanswered=[7]), kept=2).lost == 0


def test_who_did_not_hear_what_all_are_told_is_counted() -> None:
    assert judge([], {}, [Hero(100, {105: 2, 107: 1})], learners=5).unheard == 2


def test_a_wait_is_behind_the_commit_or_behind_the_first_who_heard() -> None:
    hero = Hero(100, {105: 2, 107: 1})

    assert hero.waits() == Counter({5: 2, 7: 1})
    assert hero.spread() == Counter({0: 2, 2: 1})


def test_whoever_heard_before_the_commit_was_known_has_not_waited() -> None:
    assert Hero(100, {98: 1, 100: 1, 103: 1}).waits() == Counter({0: 2, 3: 1})


def test_percentiles_of_counts_are_those_of_what_was_counted() -> None:
    counts = {1: 90, 5: 9, 80: 1}

    assert [percentile(counts, percent) for percent in (50, 95, 100)] == [1, 5, 80]
    assert percentile({}, 50) == 0


def test_learners_are_spread_over_courses_with_lessons_of_their_own() -> None:
    assert [SCHOOL.course_of(user) for user in SCHOOL.users] == [1, 2, 1, 2, 1]
    assert [*SCHOOL.numbers_of(1), *SCHOOL.numbers_of(2)] == [1, 2, 3, 4, 5, 6]


def test_the_number_of_an_event_is_that_of_the_room_the_teacher_is_in() -> None:
    number_in = ClassToAll(SCHOOL, events=3).number_in
    rooms = b'{"data":{"classroom":{"breakouts":[{"members":[]},{"members":[{"id":"x"}]}]}}}'

    assert number_in(msgspec.Raw(rooms)) == 2
    assert number_in(msgspec.Raw(b'{"data":{"classroom":{}}}')) == 0
    assert number_in(msgspec.Raw(b'{"data":null,"errors":[]}')) == -1


class Numbers:
    """Everybody is told what the text of the payload is."""

    query, least_s = "subscription { all }", 0.0

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}

    def number_in(self, payload: msgspec.Raw) -> int:
        return int(bytes(payload))

    def tell(self, running: object, number: int) -> float:
        raise NotImplementedError


def seat(hand: Hand | None = None) -> tuple[Seat, Heard]:
    heard = Heard()
    return Seat(heard, Numbers(), "token", "course", ["one", "two"], hand), heard


def own(completed: int) -> bytes:
    said = b'{"data":{"progressUpdated":{"completed":%d,"total":9,"ratio":0}}}' % completed
    return b'{"type":"next","id":"own","payload":%s}' % said


def all_(number: int) -> bytes:
    return b'{"type":"next","id":"all","payload":%d}' % number


def answered(typename: bytes, code: bytes = b"") -> bytes:
    named = b'"__typename":"%s","code":"%s","retryable":false' % (typename, code)
    said = b'{"data":{"done":{%s}}}' % named
    return b'{"type":"next","id":"0","payload":%s}' % said


def test_an_interaction_ends_with_the_learners_own_event() -> None:
    learner, heard = seat()
    learner.took(own(0))
    learner.took(all_(0))
    assert learner.is_free

    learner.act(0.0)
    learner.took(answered(b"LessonCompleted"))

    assert (len(heard.answered), len(heard.took), learner.is_free) == (1, 0, False)
    learner.took(own(1))
    assert (len(heard.took), learner.done, learner.is_free) == (1, 1, True)


def test_an_event_before_the_answer_is_as_good() -> None:
    learner, heard = seat()
    learner.took(own(0))
    learner.took(all_(0))
    learner.act(0.0)

    learner.took(own(1))
    learner.took(answered(b"LessonCompleted"))

    assert (len(heard.took), learner.done, learner.is_free) == (1, 1, True)


def test_what_is_refused_for_good_is_counted_and_left() -> None:
    learner, heard = seat()
    learner.took(own(0))
    learner.took(all_(0))
    learner.act(0.0)

    learner.took(answered(b"Refused", b"NOT_FOUND"))

    assert heard.refused == {"NOT_FOUND": 1}
    assert (learner.done, learner.is_free) == (0, True)


def test_whoever_has_a_hand_is_ready_once_they_are_in_the_class() -> None:
    learner, _ = seat(Hand("class"))
    learner.took(own(0))
    learner.took(all_(0))
    assert not learner.is_ready

    learner.took(answered(b"JoinTicket").replace(b'"id":"0"', b'"id":"in"'))

    assert learner.is_ready


def test_a_hand_is_raised_and_lowered_in_turn_and_is_no_lesson() -> None:
    learner, heard = seat(Hand("class"))
    learner.is_in, socket = True, Socket()
    learner.took(own(0))
    learner.took(all_(0))
    learner.opened(cast(TinySocket, socket))

    for _ in range(2):
        learner.move_hand(0.0)
        learner.took(answered(b"ClassUpdated"))

    asked = [text for text in socket.sent if b"Hand(" in text]
    assert [b"raiseHand" in text for text in asked] == [True, False]
    assert (len(heard.hands), heard.answered, learner.done, learner.is_free) == (2, [], 0, True)


def test_an_event_that_is_told_again_or_left_out_is_counted() -> None:
    learner, heard = seat()
    for completed in (0, 1, 1, 3):
        learner.took(own(completed))

    assert (heard.repeated, heard.skipped) == (1, 1)


def test_each_event_to_all_is_heard_once_by_each() -> None:
    learner, heard = seat()
    for number in (0, 1, 1, 3):
        learner.took(all_(number))

    assert {number: at.total() for number, at in heard.moments.items()} == {1: 1, 2: 1, 3: 1}


def test_a_subscription_that_is_refused_leaves_the_seat() -> None:
    learner, _ = seat()

    learner.took(b'{"type":"error","id":"own","payload":[{"extensions":{"code":"NOT_FOUND"}}]}')

    assert (learner.closed, learner.is_ready) == ("NOT_FOUND", False)


async def test_what_is_not_taken_now_is_sent_again_under_its_key() -> None:
    learner, heard = seat()
    learner.took(own(0))
    learner.took(all_(0))
    socket = Socket()
    learner.opened(cast(TinySocket, socket))
    learner.act(0.0)

    learner.took(
        b'{"type":"error","id":"1","payload":[{"extensions":{"code":"OVERLOADED","retryAfterMs":1}}]}'
    )
    await asyncio.sleep(0.02)

    assert (heard.again, heard.refused) == ({"OVERLOADED": 1}, {})
    first, second = (text for text in socket.sent if b"completes" in text)
    assert first.replace(b'"id":"1"', b'"id":"2"') == second


class Socket:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, text: bytes) -> None:
        self.sent.append(text)
