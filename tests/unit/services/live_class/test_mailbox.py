"""What is told of a mailbox, by what is left in it and how far its owner has read."""

from collections.abc import Sequence

import msgspec
import pytest

from services.contracts.classroom import Gap, Participant, Signal, SignalEvent, SignalKind
from services.contracts.ids import ParticipantId
from services.contracts.learning import Role
from services.live_class.signalling.mailbox import Box, Letter, news_of
from tests.fakes.tenant import NOW

EPOCH, OTHER = "0a1b2c3d", "ffffffff"
SENDER = Participant(ParticipantId("p"), "Ada", Role.LEARNER, "eu-west")


def box(*kept: int, last: int, epoch: str = EPOCH) -> Box:
    bodies = [
        (number, msgspec.json.encode(Letter(SENDER, SignalKind.OFFER, str(number), NOW)))
        for number in kept
    ]
    return Box(epoch, last, bodies)


def short(events: Sequence[SignalEvent]) -> list[int | str]:
    """Payloads, and `-n@cursor` for a gap of n."""
    return [
        int(one.payload) if isinstance(one, Signal) else f"-{one.dropped}@{one.cursor}"
        for one in events
    ]


def test_nothing_is_told_of_an_empty_mailbox() -> None:
    news = news_of(box(last=0), None)

    assert (news.events, news.cursor, news.is_over) == ([], f"{EPOCH}-0", False)


def test_without_a_cursor_all_that_is_kept_is_told() -> None:
    news = news_of(box(3, 4, last=4), None)

    assert short(news.events) == [3, 4]
    assert news.cursor == f"{EPOCH}-4"


def test_a_signal_is_told_with_its_sender_and_the_cursor_behind_it() -> None:
    [told] = news_of(box(7, last=7), f"{EPOCH}-6").events

    assert told == Signal(f"{EPOCH}-7", SENDER, SignalKind.OFFER, "7", NOW)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (0, ["-2@0a1b2c3d-2", 3, 4]),
        (1, ["-1@0a1b2c3d-2", 3, 4]),
        (2, [3, 4]),
        (3, [4]),
        (4, []),
    ],
)
def test_behind_a_cursor_each_is_told_once_and_what_is_gone_is_counted(
    after: int, told: list[int | str]
) -> None:
    assert short(news_of(box(3, 4, last=4), f"{EPOCH}-{after}").events) == told


def test_what_is_gone_behind_the_last_that_is_kept_is_counted_too() -> None:
    assert short(news_of(box(last=9), f"{EPOCH}-4").events) == ["-5@0a1b2c3d-9"]


@pytest.mark.parametrize("after", [f"{OTHER}-2", f"{EPOCH}-99", "nonsense", "", "0a1b2c3d--1"])
def test_a_cursor_that_says_nothing_of_this_mailbox_is_told_of_a_gap_and_of_all(
    after: str,
) -> None:
    assert short(news_of(box(1, 2, last=2), after).events) == ["-1@0a1b2c3d-0", 1, 2]


def test_a_reader_who_goes_on_from_any_cursor_they_were_given_hears_no_signal_twice() -> None:
    whole = box(4, 5, 6, last=6)
    told = news_of(whole, f"{OTHER}-1").events

    for nth, one in enumerate(told):
        assert short(news_of(whole, one.cursor).events) == short(told[nth + 1 :])
    assert isinstance(told[0], Gap)
