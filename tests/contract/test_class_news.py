"""What every source of classes promises to whoever listens: news of a class, and signals."""

from services.contracts.classroom import (
    BreakoutsChanged,
    ClassDeed,
    ClassroomEvent,
    ClassroomNews,
    ClassroomSnapshot,
    ClassStateChanged,
    Gap,
    HandsChanged,
    PresenceChanged,
    Signal,
    SignalEvent,
    SignalSent,
)
from services.contracts.errors import HIDDEN, KEY_REUSED, ErrorCode
from services.contracts.live_class import LiveClassState as State
from tests.contract.meeting import SOON_S, Meeting, code
from tests.fakes.mailbox import MOST_SIGNALS
from tests.fakes.room import participant_id
from tests.fakes.tenant import LEARNER, OTHER, TEACHER
from tests.integration.monolith.waiting import until

MOST_BYTES = 16 * 1024


def payloads(events: list[SignalEvent]) -> list[str]:
    return [one.payload for one in events if isinstance(one, Signal)]


async def newest(meeting: Meeting, after: str, *kinds: type[ClassroomEvent]) -> ClassroomNews:
    """What is behind the cursor, once something of each kind is."""

    async def has_come() -> bool:
        told = await meeting.told(after=after)
        return {*kinds} <= {type(one) for one in told.events}

    await until(has_come, SOON_S)
    return await meeting.told(after=after)


class TestNews:
    async def test_of_a_class_that_nobody_opened_there_is_a_snapshot(
        self, meeting: Meeting
    ) -> None:
        first = await meeting.told(LEARNER)
        again = await meeting.told(LEARNER, first.cursor)

        [snapshot] = first.events
        assert isinstance(snapshot, ClassroomSnapshot)
        assert (snapshot.live_class.id, snapshot.live_class.state) == (meeting.id, State.SCHEDULED)
        assert (first.is_over, again.events, again.cursor) == (False, [], first.cursor)

    async def test_whoever_heard_that_it_was_unopened_is_told_what_it_has_become(
        self, meeting: Meeting
    ) -> None:
        before = await meeting.told(LEARNER)
        await meeting.does(TEACHER, ClassDeed.START)

        told = await meeting.told(LEARNER, before.cursor)

        [snapshot] = told.events
        assert isinstance(snapshot, ClassroomSnapshot)
        assert snapshot.live_class.state is State.LIVE

    async def test_a_snapshot_comes_first_and_then_what_changed(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER)
        await meeting.becomes(lambda room: room.present == 1)
        first = await meeting.told()
        await meeting.joins(LEARNER)
        await meeting.does(LEARNER, ClassDeed.RAISE_HAND)

        told = await newest(meeting, first.cursor, PresenceChanged, HandsChanged)

        own = participant_id(meeting.id, LEARNER)
        came = [one for one in told.events if isinstance(one, PresenceChanged)]
        hands = [one for one in told.events if isinstance(one, HandsChanged)]
        assert [type(one) for one in first.events] == [ClassroomSnapshot]
        assert len(told.events) == 2
        assert (came[0].present, [one.id for one in came[0].joined], came[0].left) == (2, [own], [])
        assert [one.participant_id for one in hands[0].hands] == [own]

    async def test_whoever_leaves_is_told_of(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER)
        await meeting.becomes(lambda room: room.present == 2)
        first = await meeting.told()
        await meeting.does(LEARNER, ClassDeed.LEAVE)

        [left] = (await newest(meeting, first.cursor, PresenceChanged)).events

        assert isinstance(left, PresenceChanged)
        assert (left.present, left.joined) == (1, [])
        assert left.left == [participant_id(meeting.id, LEARNER)]

    async def test_the_newest_of_a_kind_takes_the_place_of_those_before(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(TEACHER, LEARNER)
        await meeting.becomes(lambda room: room.present == 2)
        first = await meeting.told()
        for many in (1, 2, 3):
            await meeting.opens(many)

        told = await meeting.told(after=first.cursor)

        [changed] = told.events
        assert isinstance(changed, BreakoutsChanged)
        assert len(changed.breakouts) == 3

    async def test_whoever_stands_at_an_event_is_told_those_behind_it(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(TEACHER, LEARNER)
        await meeting.becomes(lambda room: room.present == 2)
        first = await meeting.told()
        await meeting.does(TEACHER, ClassDeed.START)
        await meeting.opens(2)

        both = await meeting.told(after=first.cursor)
        rest = await meeting.told(after=both.events[0].cursor)
        nothing = await meeting.told(after=both.cursor)

        assert [type(one) for one in both.events] == [ClassStateChanged, BreakoutsChanged]
        assert rest.events == both.events[1:]
        assert (nothing.events, nothing.cursor) == ([], both.cursor)

    async def test_the_end_of_a_class_is_the_last_that_is_told(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER)
        await meeting.becomes(lambda room: room.present == 1)
        first = await meeting.told()
        await meeting.does(TEACHER, ClassDeed.END)

        told = await meeting.told(after=first.cursor)

        [changed] = told.events
        assert isinstance(changed, ClassStateChanged)
        assert changed.state is State.ENDED
        assert (first.is_over, told.is_over) == (False, True)

    async def test_what_is_no_place_is_a_gap_and_a_snapshot(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER)

        told = await meeting.told(after="nowhere")

        assert [type(one) for one in told.events] == [Gap, ClassroomSnapshot]

    async def test_whoever_listens_is_told_that_there_are_news(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER)
        await meeting.becomes(lambda room: room.present == 2)

        async with meeting.listening() as heard:
            await meeting.does(LEARNER, ClassDeed.RAISE_HAND)
            await meeting.becomes(lambda room: bool(room.hands))
            by_learners = await meeting.hears(heard)
            heard.clear()
            await meeting.opens(2)

            assert by_learners
            assert await meeting.hears(heard)


class TestSignals:
    async def test_signals_come_once_in_order_and_from_whom_they_are(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(LEARNER, OTHER)
        before = await meeting.mail()
        for payload in ("one", "two"):
            assert isinstance(await meeting.says(OTHER, LEARNER, payload), SignalSent)

        early = await meeting.mail(after=before.cursor)
        await meeting.says(OTHER, LEARNER, "three")
        late = await meeting.mail(after=early.events[0].cursor)

        own = participant_id(meeting.id, OTHER)
        assert before.events == []
        assert payloads(early.events) == ["one", "two"]
        assert payloads(late.events) == ["two", "three"]
        assert {one.sender.id for one in late.events if isinstance(one, Signal)} == {own}
        assert (await meeting.mail(after=late.cursor)).events == []
        assert (await meeting.mail(OTHER)).events == []

    async def test_without_a_cursor_all_that_is_kept_is_told(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER, OTHER)
        for payload in ("one", "two"):
            await meeting.says(OTHER, LEARNER, payload)

        assert payloads((await meeting.mail()).events) == ["one", "two"]

    async def test_a_signal_is_there_once_for_each_key(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER, OTHER)

        sent = [await meeting.says(OTHER, LEARNER, "one", "key") for _ in range(3)]
        other = await meeting.says(OTHER, LEARNER, "two", "key")

        news = await meeting.mail()
        assert sent == [SignalSent(news.cursor)] * 3
        assert other == KEY_REUSED
        assert payloads(news.events) == ["one"]

    async def test_nobody_sends_to_themselves_to_who_is_not_there_or_too_much(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(LEARNER, OTHER)
        most = "x" * MOST_BYTES

        assert isinstance(await meeting.says(LEARNER, OTHER, most), SignalSent)
        assert code(await meeting.says(LEARNER, OTHER, most + "x")) is ErrorCode.INVALID
        assert code(await meeting.says(LEARNER, LEARNER, "me")) is ErrorCode.INVALID
        assert await meeting.says(LEARNER, TEACHER, "you") == HIDDEN
        assert await meeting.says(TEACHER, LEARNER, "you") == HIDDEN

    async def test_who_is_not_in_has_no_mailbox(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER)

        found = await meeting.classrooms.signals(meeting.of(OTHER), meeting.id, None)

        assert found == HIDDEN

    async def test_rooms_keep_signals_apart_and_teachers_reach_all(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.opens(2)

        apart = await meeting.says(OTHER, LEARNER, "one")
        taught = await meeting.says(TEACHER, LEARNER, "two")
        answered = await meeting.says(LEARNER, TEACHER, "three")
        await meeting.moves(OTHER, None)
        await meeting.moves(LEARNER, None)
        together = await meeting.says(OTHER, LEARNER, "four")

        assert code(apart) is ErrorCode.FORBIDDEN
        assert all(isinstance(one, SignalSent) for one in (taught, answered, together))
        assert payloads((await meeting.mail()).events) == ["two", "four"]

    async def test_whoever_leaves_loses_what_was_sent_to_them(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER, OTHER)
        await meeting.says(OTHER, LEARNER, "one")
        heard = await meeting.mail()
        await meeting.does(LEARNER, ClassDeed.LEAVE)
        await meeting.joins(LEARNER)

        [gap] = (await meeting.mail(after=heard.cursor)).events

        assert isinstance(gap, Gap)
        assert gap.dropped >= 1
        assert (await meeting.mail()).events == []

    async def test_what_did_not_fit_is_a_gap_of_so_many(self, meeting: Meeting) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.says(OTHER, LEARNER, "seen")
        seen = await meeting.mail()
        for number in range(MOST_SIGNALS + 3):
            sender = OTHER if number % 2 else TEACHER
            assert isinstance(await meeting.says(sender, LEARNER, str(number)), SignalSent)

        gap, *rest = (await meeting.mail(after=seen.cursor)).events

        assert isinstance(gap, Gap)
        assert gap.dropped == 3
        assert payloads(rest) == [str(number) for number in range(3, MOST_SIGNALS + 3)]

    async def test_behind_the_end_of_a_class_what_is_left_is_told_and_that_it_is_over(
        self, meeting: Meeting
    ) -> None:
        await meeting.joins(TEACHER, LEARNER, OTHER)
        await meeting.says(OTHER, LEARNER, "last")
        await meeting.does(TEACHER, ClassDeed.END)

        left = await meeting.mail()

        assert payloads(left.events) == ["last"]
        assert left.is_over

    async def test_whoever_listens_is_told_that_there_is_mail(self, meeting: Meeting) -> None:
        await meeting.joins(LEARNER, OTHER)

        async with meeting.listening(LEARNER) as heard:
            await meeting.says(OTHER, LEARNER, "one")

            assert await meeting.hears(heard)
