"""Counting is bounded: in names, in kinds of requests, and in what waits for its store."""

from datetime import timedelta

import pytest

from gateway.usage import counting
from gateway.usage.client import OTHERS, UNNAMED, Client
from gateway.usage.counting import Counting, Counts, Place
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW

WEB, TITLE, CODE = Client("web", "1"), frozenset({"Course.title"}), frozenset({"Course.code"})
TODAY = NOW.date()


def taken(counted: Counting) -> Counts:
    counted.sort()
    return counted.take()


def test_requests_add_up_by_client_and_coordinate() -> None:
    counted = Counting(FakeClock(NOW))

    for _ in range(3):
        counted.add(WEB, TITLE | CODE)
    counted.add(WEB, TITLE, frozenset({"Level.LOW"}))
    counted.add(UNNAMED, CODE)

    assert taken(counted) == {
        Place(TODAY, WEB): {"Course.title": 4, "Course.code": 3, "Level.LOW": 1},
        Place(TODAY, UNNAMED): {"Course.code": 1},
    }
    assert taken(counted) == {}


def invented(most_clients: int) -> Counts:
    """What becomes of 1,000 names that one sends, and of a client that was there before them."""
    counted = Counting(FakeClock(NOW), most_clients=most_clients)
    counted.add(WEB, TITLE)
    for number in range(1_000):
        counted.add(Client(f"invented-{number}"), TITLE)
    counted.add(WEB, TITLE)
    return taken(counted)


def test_names_are_bounded() -> None:
    counts = invented(most_clients=256)

    assert len(counts) == 257
    assert counts[Place(TODAY, WEB)] == {"Course.title": 2}
    assert counts[Place(TODAY, OTHERS)] == {"Course.title": 1_000 - 255}


def test_names_are_bounded_fails_without_bound() -> None:
    assert len(invented(most_clients=10**9)) == 1_001


def test_another_day_has_room_for_other_names() -> None:
    clock = FakeClock(NOW)
    counted = Counting(clock, most_clients=1)
    counted.add(WEB, TITLE)
    clock.advance(86_400)
    counted.sort()

    counted.add(Client("ios"), TITLE)

    assert set(taken(counted)) == {
        Place(TODAY, WEB),
        Place(TODAY + timedelta(days=1), Client("ios")),
    }


def test_kinds_of_requests_are_taken_apart_when_there_are_many() -> None:
    counted = Counting(FakeClock(NOW))

    for number in range(10_000):
        counted.add(WEB, TITLE, frozenset({f"Item.n{number % 5_000}"}))
        assert len(counted._alike) <= counting.MOST_ALIKE

    [counts] = taken(counted).values()
    assert counts["Course.title"] == 10_000
    assert counts["Item.n7"] == 2


def test_what_waits_is_bounded_and_what_was_there_counts_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counted = Counting(FakeClock(NOW), most_counts=10)

    for number in range(100):
        counted.add(WEB, frozenset({f"Item.n{number}"}))
        counted.sort()
    counted.add(WEB, frozenset({"Item.n3", "Item.n99"}))

    [counts] = taken(counted).values()
    assert len(counts) == 10
    assert counts["Item.n3"] == 2
    assert "usage.lost" in caplog.messages
