"""A class over GraphQL, whose people are connected to two gateway processes."""

from contextlib import AsyncExitStack

from tests.figures import Recorder
from tests.integration.classroom.client import Client, client
from tests.integration.classroom.lecture import (
    ACT,
    CLASSROOM,
    JOIN,
    MOVE,
    OPEN,
    REPORT,
    SEND,
    SIGNALS,
    STATE,
    TEACHER,
    Lecture,
)


async def act(who: Client, held: Lecture, deed: str, key: str = "k") -> dict[str, object]:
    done: dict[str, object] = await who.ask(ACT % deed, id=held.live_class, key=f"{deed} {key}")
    return done


async def join(who: Client, held: Lecture) -> str:
    """Their id as a participant."""
    ticket = await who.ask(JOIN, id=held.live_class, key="join", region="eu-west")
    assert ticket["__typename"] == "JoinTicket", ticket
    return str(ticket["participant"]["id"])


async def test_a_class_begins_fills_and_ends(held: Lecture, gateways: list[str]) -> None:
    async with AsyncExitStack() as open_:
        teacher = await open_.enter_async_context(client(gateways[0], held.bearer(TEACHER)))
        learners = [
            await open_.enter_async_context(client(gateways[nth % 2], held.bearer(user)))
            for nth, user in enumerate(held.learners)
        ]
        told = await learners[1].listen("classroom", CLASSROOM, id=held.live_class)
        snapshot = await told.next()

        started = await act(teacher, held, "startLiveClass")
        own = [await join(one, held) for one in learners]
        filled = await told.until(__typename="PresenceChanged", present=5)
        raised = await act(learners[0], held, "raiseHand")
        hands = await told.until(__typename="HandsChanged")
        seen = await teacher.ask(STATE, id=held.live_class)
        await act(learners[0], held, "lowerHand")
        lowered = await told.until(__typename="HandsChanged", hands=[])
        await act(learners[4], held, "leaveLiveClass")
        left = await told.until(__typename="PresenceChanged", present=4)
        ended = await act(teacher, held, "endLiveClass")
        over = await told.until(__typename="ClassStateChanged")
        last = await told.next()

    assert snapshot["liveClass"] == {"id": held.live_class, "state": "SCHEDULED", "present": None}
    assert started["__typename"] == raised["__typename"] == "ClassUpdated", started
    assert started["liveClass"] == {"id": held.live_class, "state": "LIVE"}
    assert filled["present"] == 5
    assert [one["participantId"] for one in hands["hands"]] == own[:1]
    assert seen == {"state": "LIVE", "present": 5, "hands": [{"name": "Learner 100"}]}
    assert lowered["hands"] == []
    assert left["left"] == own[4:]
    assert ended["liveClass"] == {"id": held.live_class, "state": "ENDED"}
    assert (over["state"], last) == ("ENDED", None)


async def test_breakouts_hold_each_of_all_once(held: Lecture, gateways: list[str]) -> None:
    async with AsyncExitStack() as open_:
        teacher = await open_.enter_async_context(client(gateways[0], held.bearer(TEACHER)))
        learners = [
            await open_.enter_async_context(client(gateways[1], held.bearer(user)))
            for user in held.learners
        ]
        await act(teacher, held, "startLiveClass")
        own = [await join(one, held) for one in learners]
        told = await learners[0].listen("classroom", CLASSROOM, id=held.live_class)
        await told.next()

        opened = await teacher.ask(OPEN, id=held.live_class, count=2, key="open")
        rooms = (await told.until(__typename="BreakoutsChanged"))["breakouts"]
        away = next(room for room in rooms if own[0] not in [one["id"] for one in room["members"]])
        moved = await teacher.ask(MOVE, id=held.live_class, who=own[0], room=away["id"], key="move")
        await act(teacher, held, "closeBreakouts")
        closed = await told.until(__typename="BreakoutsChanged", breakouts=[])

    members = [one["id"] for room in rooms for one in room["members"]]
    now = {
        room["id"]: [one["id"] for one in room["members"]]
        for room in moved["liveClass"]["breakouts"]
    }
    assert opened["__typename"] == "ClassUpdated", opened
    assert sorted(members) == sorted(own)
    assert own[0] in now[away["id"]]
    assert sorted(one for room in now.values() for one in room) == sorted(own)
    assert closed["breakouts"] == []


async def test_signals_cross_processes_in_order_and_once_though_the_socket_was_cut(
    held: Lecture, gateways: list[str], figure: Recorder
) -> None:
    many = 100
    async with AsyncExitStack() as open_:
        sender = await open_.enter_async_context(client(gateways[0], held.bearer(100)))
        first = await open_.enter_async_context(client(gateways[1], held.bearer(101)))
        await join(sender, held)
        to = await join(first, held)
        heard = await first.listen("signals", SIGNALS, id=held.live_class)
        got = []
        for nth in range(many):
            said = {"kind": "CANDIDATE", "payload": f"candidate {nth}", "key": f"s{nth}"}
            sent = await sender.ask(SEND, id=held.live_class, to=to, **said)
            assert sent["__typename"] == "SignalSent", sent
            if nth < many // 2:
                got.append(await heard.next())
        await first.cut()

        again = await open_.enter_async_context(client(gateways[0], held.bearer(101)))
        resumed = await again.listen(
            "signals", SIGNALS, id=held.live_class, after=got[-1]["cursor"]
        )
        got += [await resumed.next() for _ in range(many - len(got))]
        is_quiet = await resumed.nothing(0.5)

    payloads = [one["payload"] for one in got]
    figure(
        "classroom",
        signals_sent=many,
        signals_received=len(got),
        told_twice=many - len(set(payloads)),
    )
    assert payloads == [f"candidate {nth}" for nth in range(many)]
    assert {one["from"]["name"] for one in got} == {"Learner 100"}
    assert is_quiet


async def test_whoever_resumes_a_class_hears_what_they_missed(
    held: Lecture, gateways: list[str]
) -> None:
    async with AsyncExitStack() as open_:
        teacher = await open_.enter_async_context(client(gateways[0], held.bearer(TEACHER)))
        anna = await open_.enter_async_context(client(gateways[1], held.bearer(100)))
        await act(teacher, held, "startLiveClass")
        await join(anna, held)
        told = await anna.listen("classroom", CLASSROOM, id=held.live_class)
        await told.until(__typename="ClassroomSnapshot")
        await anna.cut()
        other = await open_.enter_async_context(client(gateways[1], held.bearer(101)))
        own = await join(other, held)
        await act(other, held, "raiseHand")

        again = await open_.enter_async_context(client(gateways[0], held.bearer(100)))
        resumed = await again.listen("classroom", CLASSROOM, id=held.live_class, after=told.cursor)
        missed = await resumed.kinds("PresenceChanged", "HandsChanged")

    assert missed["PresenceChanged"]["present"] == 2
    assert [one["participantId"] for one in missed["HandsChanged"]["hands"]] == [own]


async def test_a_report_of_quality_is_answered_with_advice(
    held: Lecture, gateways: list[str]
) -> None:
    async with client(gateways[0], held.bearer(100)) as anna:
        await join(anna, held)

        advice = await anna.ask(REPORT, id=held.live_class)

    assert advice["advice"] == "NONE"
