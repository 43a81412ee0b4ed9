"""A class as it is held: who may do what in it, and what becomes of it."""

import asyncio

from services.contracts import classroom_api as api
from services.contracts.classroom import ClassDeed, ClassUpdated, JoinTicket
from services.contracts.errors import FORBIDDEN, HIDDEN, KEY_REUSED, ErrorCode, Refused
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState as State
from services.live_class.room.deciding import NOT_JOINED, NOT_YET, OVER, UNOPENED
from services.live_class.room.names import live_class_id, participant_id
from services.live_class.room.whereabouts import whereabouts
from services.storage import db
from tests.integration.live_class.lecture import CLASS, OPERATOR, STRANGER, TEACHER, Lecture

JOINS = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND stream LIKE '%' || $2 || '/10'"


async def test_a_learner_comes_in_and_the_class_is_open(lecture: Lecture) -> None:
    ticket = await lecture.joins(10)
    await lecture.tick()

    assert isinstance(ticket, JoinTicket), ticket
    assert ticket.live_class.id == live_class_id(lecture.tenant, CLASS)
    assert (ticket.live_class.title, ticket.live_class.state) == ("Cells", State.OPEN)
    assert ticket.participant.id == participant_id(lecture.tenant, CLASS, 10)
    assert (ticket.participant.name, ticket.participant.role) == ("Person 10", Role.LEARNER)
    room = await lecture.room()
    assert room is not None
    assert (room.state, room.present, room.hands, room.breakouts) == (State.OPEN, 1, [], [])


async def test_a_teacher_starts_and_ends_it(lecture: Lecture) -> None:
    started = await lecture.does(TEACHER, ClassDeed.START)
    again = await lecture.does(OPERATOR, ClassDeed.START)
    ended = await lecture.does(TEACHER, ClassDeed.END)
    ended_again = await lecture.does(TEACHER, ClassDeed.END)

    done = [started, again, ended, ended_again]
    assert all(isinstance(one, ClassUpdated) for one in done), done
    states = [one.live_class.state for one in done if isinstance(one, ClassUpdated)]
    assert states == [State.LIVE, State.LIVE, State.ENDED, State.ENDED]
    seen = [one.seen for one in done if isinstance(one, ClassUpdated)]
    stream = f"live_class:room/{lecture.tenant}/{CLASS}"
    # Opened, started, and ended.
    assert seen == [{stream: 2}, {stream: 2}, {stream: 3}, {stream: 3}]


async def test_a_class_that_has_ended_is_closed_for_all(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.does(10, ClassDeed.RAISE_HAND)
    await lecture.opens(2)
    await lecture.does(TEACHER, ClassDeed.END)

    deeds = [ClassDeed.LEAVE, ClassDeed.RAISE_HAND, ClassDeed.LOWER_HAND]
    refused: list[object] = [await lecture.does(10, deed) for deed in deeds]
    refused += [await lecture.joins(12), await lecture.does(TEACHER, ClassDeed.START)]
    refused += [await lecture.opens(2), await lecture.moves(10, 1)]

    assert refused == [OVER] * 7
    room = await lecture.room()
    assert room is not None
    assert (room.state, room.present, room.hands, room.breakouts) == (State.ENDED, 0, [], [])


async def test_only_teachers_and_operators_do_what_teachers_do(lecture: Lecture) -> None:
    await lecture.joins(10)

    deeds = [ClassDeed.START, ClassDeed.END, ClassDeed.CLOSE_BREAKOUTS]
    refused = [await lecture.does(10, deed) for deed in deeds]
    refused += [await lecture.opens(2, user=10), await lecture.moves(10, None, user=10)]

    assert refused == [FORBIDDEN] * 5
    assert isinstance(await lecture.opens(1, user=OPERATOR), ClassUpdated)


async def test_whoever_has_no_part_in_the_course_finds_nothing(lecture: Lecture) -> None:
    await lecture.joins(10)

    assert await lecture.joins(STRANGER) == HIDDEN
    for deed in ClassDeed:
        assert await lecture.does(STRANGER, deed) == HIDDEN
    assert await lecture.room(STRANGER) is None
    assert await lecture.ask(STRANGER, api.CHANGES, api.After(CLASS, None)) == HIDDEN
    for name in ["l43", "s42", "x1", "l042", "l1; DROP TABLE rooms"]:
        assert await lecture.ask(10, api.JOIN, api.Join(name)) == HIDDEN


async def test_doors_open_a_quarter_of_an_hour_before(lecture: Lecture) -> None:
    await lecture.execute(
        "UPDATE classes SET starts_at = now() + interval '16 min',"
        " ends_at = now() + interval '1 h' WHERE tenant_id = $1 AND $2 <> ''"
    )

    assert await lecture.joins(10) == NOT_YET
    assert isinstance(await lecture.joins(TEACHER), JoinTicket)
    assert isinstance(await lecture.joins(10), JoinTicket)


async def test_before_anybody_opened_it_nothing_is_done_in_it(lecture: Lecture) -> None:
    deeds = [ClassDeed.LEAVE, ClassDeed.RAISE_HAND, ClassDeed.LOWER_HAND]

    assert [await lecture.does(10, deed) for deed in deeds] == [UNOPENED] * 3
    assert await lecture.does(TEACHER, ClassDeed.END) == UNOPENED
    assert await lecture.opens(2) == UNOPENED
    assert await lecture.room() is None


async def test_a_key_stands_for_one_join(lecture: Lecture) -> None:
    first = await lecture.joins(10, "once")
    again = [await lecture.joins(10, "once") for _ in range(3)]
    other = await lecture.does(10, ClassDeed.LEAVE, "once")

    assert isinstance(first, JoinTicket)
    assert all(isinstance(one, JoinTicket) for one in again)
    assert other == KEY_REUSED
    assert await lecture.value(JOINS) == 1


async def test_twenty_sent_at_once_under_one_key_are_done_once(lecture: Lecture) -> None:
    await lecture.joins(10)

    deeds = [lecture.does(10, ClassDeed.RAISE_HAND, "up") for _ in range(20)]
    replies = await asyncio.gather(*deeds)

    assert all(isinstance(one, ClassUpdated) for one in replies)
    assert {one.seen.popitem()[1] for one in replies if isinstance(one, ClassUpdated)} == {2}  # type: ignore[attr-defined]
    assert await lecture.value(JOINS) == 2


async def test_hands_are_told_in_the_order_they_were_raised(lecture: Lecture) -> None:
    raising = [15, 11, 19, 10, 13]
    await lecture.all_join()
    for user in raising:
        await lecture.does(user, ClassDeed.RAISE_HAND)
    await lecture.does(19, ClassDeed.LOWER_HAND)
    await lecture.does(11, ClassDeed.LEAVE)
    await lecture.does(15, ClassDeed.RAISE_HAND)
    await lecture.tick()

    room = await lecture.room()

    assert room is not None
    assert [hand.name for hand in room.hands] == ["Person 15", "Person 10", "Person 13"]
    assert room.present == len(lecture.users) - 1


async def test_nobody_raises_a_hand_without_having_come_in(lecture: Lecture) -> None:
    await lecture.joins(10)

    assert await lecture.does(11, ClassDeed.RAISE_HAND) == NOT_JOINED
    assert isinstance(await lecture.does(11, ClassDeed.LOWER_HAND), ClassUpdated)
    assert await lecture.value("SELECT count(*) FROM hands WHERE tenant_id = $1 AND $2 <> ''") == 0


async def test_whereabouts_are_of_those_who_are_in(lecture: Lecture) -> None:
    await lecture.all_join([10, 11, TEACHER])
    await lecture.opens(1)
    await lecture.does(11, ClassDeed.LEAVE)

    async with db.reading(lecture.worker, lecture.tenant) as connection:
        found = await whereabouts(connection, lecture.tenant, CLASS, [10, 11, 12, TEACHER])

    assert sorted(found) == [TEACHER, 10]
    assert (found[10].breakout, found[10].is_teaching, found[10].region) == (1, False, "eu-west")
    assert (found[TEACHER].breakout, found[TEACHER].is_teaching) == (None, True)


async def test_a_region_that_is_none_is_not_known(lecture: Lecture) -> None:
    ticket = await lecture.ask(10, api.JOIN, api.Join(CLASS, "Berlin; drop"))

    assert isinstance(ticket, JoinTicket)
    assert ticket.participant.region == ""


async def test_the_teacher_of_a_class_teaches_it_whatever_the_course_says(
    lecture: Lecture,
) -> None:
    await lecture.execute(
        "DELETE FROM enrolments WHERE tenant_id = $1 AND $2 <> '' AND user_id = 2"
    )

    assert isinstance(await lecture.does(TEACHER, ClassDeed.START), ClassUpdated)


async def test_a_refusal_leaves_its_key_free(lecture: Lecture) -> None:
    early = await lecture.does(10, ClassDeed.RAISE_HAND, "hand")
    await lecture.joins(10)
    late = await lecture.does(10, ClassDeed.RAISE_HAND, "hand")

    assert isinstance(early, Refused)
    assert early.code is ErrorCode.CLASS_CLOSED
    assert isinstance(late, ClassUpdated)


async def test_a_class_of_the_services_own_timetable_is_held_alike(lecture: Lecture) -> None:
    number = await lecture.value(
        "INSERT INTO planned_classes (tenant_id, course_id, title, starts_at, ends_at, zone,"
        " calendar, uid, recurrence, sequence) SELECT $1, 3, 'Own ' || $2, now(),"
        " now() + interval '1 h', 'UTC', 'c', 'u', '', 0 RETURNING id"
    )
    name = f"s{number}"

    ticket = await lecture.ask(10, api.JOIN, api.Join(name))
    room = await lecture.ask(TEACHER, api.ROOMS, api.Classes([name]))

    assert isinstance(ticket, JoinTicket), ticket
    assert ticket.live_class.id == live_class_id(lecture.tenant, name)
    assert isinstance(room, list)
    assert room[0] is not None
