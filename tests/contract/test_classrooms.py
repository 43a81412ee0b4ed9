"""What every source of classes as they are held promises to those who come in and who lead."""

import pytest

from services.contracts.classroom import (
    ClassDeed,
    ClassUpdated,
    JoinTicket,
    Participant,
    Quality,
    QualityAdvice,
)
from services.contracts.errors import FORBIDDEN, HIDDEN, KEY_REUSED, ErrorCode
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState as State
from tests.contract.lecture_hall import CROWD, LATER, NOWHERE, STRANGER
from tests.contract.meeting import Meeting, code
from tests.contract.side import given
from tests.fakes.room import participant_id
from tests.fakes.tenant import LEARNER, OTHER, TEACHER, class_id

OF_LEARNERS = [ClassDeed.LEAVE, ClassDeed.RAISE_HAND, ClassDeed.LOWER_HAND]
OF_TEACHERS = [ClassDeed.START, ClassDeed.END, ClassDeed.CLOSE_BREAKOUTS]
GOOD = Quality(40, 0.5, 5, relayed=False, region="eu-west")


class TestClassrooms:
    async def test_who_comes_in_opens_the_class_and_is_told_who_they_are(
        self, meeting: Meeting
    ) -> None:
        ticket = await meeting.join(LEARNER, "eu-west")

        own = participant_id(meeting.id, LEARNER)
        assert isinstance(ticket, JoinTicket), ticket
        assert ticket.participant == Participant(own, f"Person {LEARNER}", Role.LEARNER, "eu-west")
        assert (ticket.live_class.id, ticket.live_class.state) == (meeting.id, State.OPEN)
        room = await meeting.becomes(lambda room: room.present == 1)
        assert (room.state, room.hands, room.breakouts) == (State.OPEN, [], [])

    async def test_who_comes_in_twice_is_there_once(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER, OTHER, LEARNER)

        assert (await meeting.becomes(lambda room: room.present > 1)).present == 2

    async def test_doors_open_a_quarter_of_an_hour_before_and_for_teachers_earlier(
        self, meeting: Meeting
    ) -> None:
        later = meeting.numbered(LATER)

        early = await later.join(LEARNER)

        assert code(early) is ErrorCode.CLASS_CLOSED
        await later.joins(TEACHER, LEARNER)

    async def test_what_nobody_opened_is_no_room_and_nothing_is_done_in_it(
        self, meeting: Meeting
    ) -> None:
        [found] = await meeting.classrooms.rooms(meeting.of(TEACHER), [meeting.id])

        assert found is None
        for deed in OF_LEARNERS:
            assert code(await meeting.does(LEARNER, deed)) is ErrorCode.CLASS_CLOSED
        assert code(await meeting.does(TEACHER, ClassDeed.END)) is ErrorCode.CLASS_CLOSED
        assert code(await meeting.opens(2)) is ErrorCode.CLASS_CLOSED

    @pytest.mark.parametrize("number", [1, NOWHERE])
    async def test_who_has_no_part_in_it_finds_nothing(self, meeting: Meeting, number: int) -> None:
        await meeting.joins(LEARNER)
        at, who = meeting.numbered(number), STRANGER
        asking = at.of(who)

        done = [await at.join(who), await at.opens(2, user=who), await at.moves(who, None, who)]
        done += [await at.does(who, deed) for deed in ClassDeed]
        done += [await at.says(who, LEARNER, "hello")]
        done += [await at.classrooms.changes(asking, at.id, None)]
        done += [await at.classrooms.signals(asking, at.id, None)]
        done += [await at.classrooms.report(asking, at.id, GOOD)]

        assert done == [HIDDEN] * len(done)
        assert await at.classrooms.rooms(asking, [at.id]) == [None]

    async def test_of_many_rooms_each_is_told_in_its_place(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER)
        foreign = class_id("another")
        ids = [class_id(meeting.tenant, LATER), meeting.id, foreign, meeting.id]

        unopened, own, another, again = await meeting.classrooms.rooms(meeting.of(LEARNER), ids)

        assert (unopened, another) == (None, HIDDEN)
        assert own == again == await meeting.room(LEARNER)

    async def test_only_teachers_do_what_teachers_do(self, meeting: Meeting) -> None:
        refused = [await meeting.does(LEARNER, deed) for deed in OF_TEACHERS]
        [unopened] = await meeting.classrooms.rooms(meeting.of(TEACHER), [meeting.id])
        await meeting.joins(LEARNER)
        refused += [await meeting.does(LEARNER, deed) for deed in OF_TEACHERS]
        refused += [await meeting.opens(2, user=LEARNER), await meeting.opens(0, user=LEARNER)]
        refused += [await meeting.moves(LEARNER, None, LEARNER)]

        assert refused == [FORBIDDEN] * 9
        assert unopened is None

    async def test_a_teacher_starts_and_ends_it_as_often_as_they_say(
        self, meeting: Meeting
    ) -> None:
        said = [ClassDeed.START, ClassDeed.START, ClassDeed.END, ClassDeed.END]

        done = [given(await meeting.does(TEACHER, deed)) for deed in said]

        states = [one.live_class.state for one in done]
        assert states == [State.LIVE, State.LIVE, State.ENDED, State.ENDED]
        assert done[0].seen == done[1].seen != done[2].seen == done[3].seen

    async def test_what_has_ended_is_empty_and_closed_for_all(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.does(LEARNER, ClassDeed.RAISE_HAND)
        await meeting.opens(2)
        await meeting.does(TEACHER, ClassDeed.END)

        refused: list[object] = [await meeting.does(LEARNER, deed) for deed in OF_LEARNERS]
        refused += [await meeting.join(OTHER), await meeting.does(TEACHER, ClassDeed.START)]
        refused += [await meeting.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)]
        refused += [await meeting.opens(2), await meeting.moves(LEARNER, None)]
        refused += [await meeting.says(LEARNER, OTHER, "hello")]

        assert {code(one) for one in refused} == {ErrorCode.CLASS_CLOSED}
        room = await meeting.room()
        assert (room.state, room.present, room.hands, room.breakouts) == (State.ENDED, 0, [], [])

    async def test_a_key_stands_for_one_deed(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER)
        first = await meeting.does(LEARNER, ClassDeed.RAISE_HAND, "up")
        await meeting.does(LEARNER, ClassDeed.LOWER_HAND, "down")

        again = await meeting.does(LEARNER, ClassDeed.RAISE_HAND, "up")
        other = [
            await meeting.does(LEARNER, ClassDeed.LEAVE, "up"),
            await meeting.join(LEARNER, key="up"),
        ]

        assert isinstance(first, ClassUpdated)
        assert again == first
        assert other == [KEY_REUSED] * 2
        assert (await meeting.becomes(lambda room: room.present == 1)).hands == []

    async def test_a_refusal_leaves_its_key_free(self, meeting: Meeting) -> None:
        early = await meeting.does(LEARNER, ClassDeed.RAISE_HAND, "hand")
        await meeting.joins(LEARNER)

        late = await meeting.does(LEARNER, ClassDeed.RAISE_HAND, "hand")

        assert code(early) is ErrorCode.CLASS_CLOSED
        assert isinstance(late, ClassUpdated)

    async def test_hands_are_told_in_the_order_they_were_raised(self, meeting: Meeting) -> None:
        raising = [OTHER, LEARNER, *CROWD]
        await meeting.joins(*raising)
        for user in [*raising, OTHER]:
            await meeting.does(user, ClassDeed.RAISE_HAND)
        await meeting.does(CROWD[0], ClassDeed.LOWER_HAND)
        await meeting.does(LEARNER, ClassDeed.LEAVE)
        await meeting.does(CROWD[0], ClassDeed.RAISE_HAND)

        room = await meeting.becomes(lambda room: room.present == 4 and len(room.hands) == 4)

        wanted = [OTHER, CROWD[1], CROWD[2], CROWD[0]]
        assert [hand.participant_id for hand in room.hands] == [
            participant_id(meeting.id, user) for user in wanted
        ]
        assert room.hands[0].name == f"Person {OTHER}"

    async def test_nobody_raises_a_hand_without_having_come_in(self, meeting: Meeting) -> None:
        await meeting.joins(OTHER)

        assert code(await meeting.does(LEARNER, ClassDeed.RAISE_HAND)) is ErrorCode.INVALID
        assert isinstance(await meeting.does(LEARNER, ClassDeed.LOWER_HAND), ClassUpdated)
        assert isinstance(await meeting.does(LEARNER, ClassDeed.LEAVE), ClassUpdated)

    async def test_a_report_of_quality_is_of_those_who_are_in(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER)
        report = meeting.classrooms.report

        assert isinstance(await report(meeting.of(LEARNER), meeting.id, GOOD), QualityAdvice)
        assert await report(meeting.of(OTHER), meeting.id, GOOD) == HIDDEN

    async def test_beats_are_taken_and_bring_nobody_in(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER)

        assert await meeting.beats(LEARNER) == 1
        await meeting.beats(LEARNER, OTHER)
        await meeting.joins(CROWD[0])

        assert (await meeting.becomes(lambda room: room.present > 1)).present == 2
