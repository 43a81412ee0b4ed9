"""What a bench of a class that opens at once counts: who is late, what is asked, who is told."""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any, cast

import msgspec
import pytest

from bench.hero_asked import Asked, counted, named
from bench.hero_heard import Heard
from bench.hero_join import Entered, Herd
from bench.hero_measured import Measured, Sizes, Stretch
from bench.hero_others import HAND, SIGNAL, Felt
from bench.hero_school import HERO, OF_A_CLASS, School
from bench.talker import Gone, Talker
from bench.tiny_socket import TinySocket
from bench.way_in import NotDone

SIZES = Sizes(learners=3, ordinary=1, seconds=2, within_s=1, pace_s=1, allowance_s=2)


def entered(after_s: float) -> Entered:
    return Entered(join_s=0.1, wait_s=5.0, after_s=after_s)


def stretch(hand_s: float, seconds: float = 1.0, calls: int = 0) -> Stretch:
    felt = Felt()
    felt.took[HAND].append(hand_s)
    return Stretch(felt, Asked(seconds, Counter(call=calls), Counter(get=calls)))


def measured(herd: Herd, present: int) -> Measured:
    quiet, joining = stretch(0.1), stretch(0.3)
    return Measured(SIZES, herd, quiet, joining, present, 0.5, Counter(), (1.0, 1.0))


def test_whoever_was_told_to_wait_is_late_only_behind_that() -> None:
    assert Herd([entered(0.1), entered(2.5)]).late(2.0) == 1


def test_who_came_and_is_not_counted_is_absent_and_so_is_one_too_many() -> None:
    herd = Herd([entered(0.1)] * 3)

    assert [measured(herd, present).absent for present in (3, 2, 5)] == [0, 1, 2]


def test_what_the_others_feel_is_told_by_their_quiet() -> None:
    found = measured(Herd(), 0)

    assert found.times(HAND) == pytest.approx(3.0)
    assert found.times(SIGNAL) == 0.0


def test_what_a_quiet_time_as_long_would_have_asked_is_not_the_herds() -> None:
    quiet, joining = stretch(0.1, 2.0, calls=10).asked, stretch(0.1, 4.0, calls=50).asked

    assert joining.beyond(quiet) == (30.0, 30.0)


def test_calls_are_told_by_their_path_and_those_of_relays_are_not() -> None:
    paths = ["/rooms/join", "/events?partition=0&after=9", "/classes?from=1"]

    assert named("live_class", paths) == ["live_class /rooms/join", "live_class /classes"]


def test_what_the_bench_asks_of_redis_itself_is_not_counted() -> None:
    told = {"cmdstat_get": {"calls": 3, "usec": 9}, "cmdstat_info": {"calls": 2}}

    assert counted(told) == {"get": 3}


def test_each_learner_is_in_one_class() -> None:
    school = School("acme", learners=3, ordinary=2)

    users = [user for number in school.classes for user in school.users_of(number)]

    assert (len(school.users_of(HERO)), len(users)) == (3, 3 + 2 * OF_A_CLASS)
    assert len(set(users)) == len(users)


async def test_a_hand_is_shown_when_it_is_up_and_lowered_when_it_is_gone() -> None:
    heard = Heard()
    up = heard.expect_hand("anna", is_up=True)

    heard.classroom(hands("ben"))
    assert not up.done()
    heard.classroom(hands("anna", "ben"))
    assert up.done()

    down = heard.expect_hand("anna", is_up=False)
    heard.classroom(hands("anna"))
    assert not down.done()
    heard.classroom(hands())
    assert down.done()


async def test_a_signal_is_heard_by_what_it_says() -> None:
    heard = Heard()
    first, second = heard.expect_signal("1"), heard.expect_signal("2")

    heard.signals(event("signals", __typename="Signal", payload="2"))

    assert (first.done(), second.done()) == (False, True)


def hands(*who: str) -> msgspec.Raw:
    raised = [{"participantId": one} for one in who]
    return event("classroom", __typename="HandsChanged", hands=raised)


def event(name: str, **said: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({"data": {name: said}}))


class Socket:
    """Keeps what is sent, and answers each time with the next of its answers."""

    def __init__(self, talker: Talker, *answers: bytes) -> None:
        self.sent: list[bytes] = []
        self._talker = talker
        self._answers = list(answers)

    def send(self, text: bytes) -> None:
        said = msgspec.json.decode(text)
        if said["type"] == "subscribe":
            self.sent.append(msgspec.json.encode(said["payload"]))
            answer = b'{"type":"next","id":"%s","payload":%s}'
            ready = self._answers.pop(0) if self._answers else None
            if ready is not None:
                number = said["id"].encode()
                asyncio.get_running_loop().call_soon(self._talker.took, answer % (number, ready))


def talking(*answers: bytes) -> tuple[Talker, Socket, Counter[str]]:
    again = Counter[str]()
    talker = Talker("token", again)
    socket = Socket(talker, *answers)
    talker.opened(cast(TinySocket, socket))
    return talker, socket, again


NOT_NOW = b'{"data":{"done":{"code":"OVERLOADED","retryable":true,"retryAfterMs":1}}}'
NEVER = b'{"data":{"done":{"code":"CLASS_CLOSED","retryable":false}}}'
DONE = b'{"data":{"done":{"waitMs":40}}}'


async def test_what_is_refused_for_now_is_sent_again_as_it_was_and_counted() -> None:
    talker, socket, again = talking(NOT_NOW, DONE)

    said = await talker.do("mutation", key="join")

    assert said == {"waitMs": 40}
    assert again == {"OVERLOADED": 1}
    assert socket.sent[0] == socket.sent[1]


async def test_what_is_refused_for_good_is_not_sent_again() -> None:
    talker, socket, _ = talking(NEVER)

    with pytest.raises(NotDone, match="CLASS_CLOSED"):
        await talker.do("mutation", key="join")
    assert len(socket.sent) == 1


async def test_whoever_waits_at_a_socket_that_closes_is_told_of_it() -> None:
    talker, _, _ = talking()
    waiting = asyncio.ensure_future(talker.do("mutation", key="join"))
    await asyncio.sleep(0)

    talker.gone(1012)

    with pytest.raises(Gone, match="1012"):
        await waiting


async def test_who_gives_up_opening_leaves_no_socket_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The gateway would open it all the same: they would be there twice, and be told so once."""
    monkeypatch.setattr("bench.talker.READY_S", 0.05)
    ended = asyncio.Event()

    async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while await reader.read(4_096):
                pass
        ended.set()
        writer.close()

    server = await asyncio.start_server(never_answers, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(TimeoutError):
            await Talker("token", Counter()).open(f"{host}:{port}", None)
        await asyncio.wait_for(ended.wait(), 5)


async def test_who_finds_their_socket_closed_says_with_which_code() -> None:
    talker, _, _ = talking(DONE)
    talker.gone(4499)

    with pytest.raises(Gone, match="4499"):
        await talker.do("mutation", key="join")
