"""What every source of classes promises of breakout rooms."""

from collections import Counter
from datetime import timedelta

import pytest

from services.contracts.classroom import Breakout, ClassDeed, ClassUpdated, Room
from services.contracts.errors import HIDDEN, ErrorCode
from tests.contract.lecture_hall import CROWD
from tests.contract.meeting import Meeting, code
from tests.fakes.room import participant_id
from tests.fakes.tenant import LEARNER, OTHER, TEACHER

LEARNERS = [LEARNER, OTHER, *CROWD]


def members(room: Room) -> dict[str, list[str]]:
    """Of each breakout, by its name."""
    return {one.name: [who.id for who in one.members] for one in room.breakouts}


def sole(room: Room) -> Breakout:
    [found] = room.breakouts
    return found


class TestBreakouts:
    async def test_each_learner_who_is_there_is_in_one_and_teachers_are_in_none(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(TEACHER, *LEARNERS)
        await meeting.does(CROWD[0], ClassDeed.LEAVE)

        assert isinstance(await meeting.opens(3), ClassUpdated)

        apart = members(await meeting.room())
        there = [one for one in LEARNERS if one != CROWD[0]]
        assert list(apart) == ["Room 1", "Room 2", "Room 3"]
        assert Counter(who for one in apart.values() for who in one) == Counter(
            participant_id(meeting.id, user) for user in there
        )
        assert sorted(len(one) for one in apart.values()) == [1, 1, 2]

    async def test_they_end_after_so_many_minutes(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER)

        await meeting.opens(1, minutes=5)
        first = sole(await meeting.room()).ends_at
        await meeting.opens(1, minutes=10)
        second = sole(await meeting.room()).ends_at

        assert first is not None
        assert second is not None
        assert timedelta(0) <= second - first - timedelta(minutes=5) < timedelta(minutes=1)

    @pytest.mark.parametrize(("many", "minutes"), [(0, 5), (101, 5), (2, 0), (2, 241)])
    async def test_no_more_are_opened_and_for_no_longer_than_may_be(
        self, meeting: Meeting, many: int, minutes: int
    ) -> None:
        await meeting.joins(TEACHER)

        assert code(await meeting.opens(many, minutes)) is ErrorCode.INVALID
        assert (await meeting.room()).breakouts == []

    async def test_one_who_is_moved_is_there_and_nowhere_else(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.opens(2)
        own = participant_id(meeting.id, LEARNER)

        seen = []
        for number in (1, 2, 2, None):
            assert isinstance(await meeting.moves(LEARNER, number), ClassUpdated)
            apart = members(await meeting.room())
            seen.append([name for name, them in apart.items() if own in them])

        assert seen == [["Room 1"], ["Room 2"], ["Room 2"], []]

    async def test_nobody_is_moved_who_is_not_there_or_to_where_nothing_is(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(TEACHER, LEARNER)
        await meeting.opens(1)
        before = await meeting.room()

        assert await meeting.moves(OTHER, 1) == HIDDEN
        assert code(await meeting.moves(LEARNER, 2)) is ErrorCode.INVALID
        assert members(await meeting.room()) == members(before)

    async def test_one_who_left_comes_back_to_theirs(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.opens(2)
        before = members(await meeting.room())

        await meeting.does(LEARNER, ClassDeed.LEAVE)
        away = members(await meeting.room())
        await meeting.joins(LEARNER)

        assert members(await meeting.room()) == away == before

    async def test_opened_anew_they_take_the_place_of_those_that_were(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.opens(2)

        await meeting.opens(1)

        assert {name: len(one) for name, one in members(await meeting.room()).items()} == {
            "Room 1": 2
        }

    async def test_behind_their_end_everybody_is_back(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER)
        await meeting.opens(2)

        closed = await meeting.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)
        again = await meeting.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)

        assert isinstance(closed, ClassUpdated)
        assert isinstance(again, ClassUpdated)
        assert again.seen == closed.seen
        assert (await meeting.room()).breakouts == []
