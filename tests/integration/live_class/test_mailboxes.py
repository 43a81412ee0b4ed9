"""Mailboxes in a real Valkey, and in a real cluster of six."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from services.contracts.classroom import (
    Gap,
    Participant,
    Signal,
    SignalEvent,
    SignalKind,
    SignalNews,
)
from services.contracts.ids import ParticipantId
from services.contracts.learning import Role
from services.kit.clock import SystemClock
from services.kit.redis import pubsub_of, redis_of
from services.live_class.signalling import mailboxes as limits
from services.live_class.signalling.mailbox import Letter, news_of
from services.live_class.signalling.mailboxes import (
    ClassOver,
    KeyReused,
    Mailboxes,
    MailboxesAway,
    Place,
    TooFast,
)
from tests import valkey
from tests.figures import Recorder
from tests.integration.monolith.waiting import until

CLASSES = count(1)
CLOCK = SystemClock()
READER, SENDERS = 1, range(100, 120)
BEHIND = limits.MOST_SIGNALS // 2
"""A reader that is no further behind, and so quick, is told everything."""


@dataclass
class Servers:
    """One server, or the six of a cluster."""

    url: str
    nodes: Sequence[valkey.Server]

    def forget_all(self) -> None:
        for node in self.nodes:
            if node.ask("ROLE")[0] == "master":
                node.ask("FLUSHALL")


@pytest.fixture(scope="module", params=["one", "cluster"])
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    if request.param == "one":
        with valkey.server() as one:
            yield Servers(one.url, [one])
    else:
        home: Path = tmp_path_factory.mktemp("cluster")
        with valkey.cluster(home) as six:
            yield Servers(six.url, six.nodes)


@pytest.fixture
async def boxes(servers: Servers) -> AsyncIterator[Mailboxes]:
    redis = redis_of(servers.url)
    yield Mailboxes(redis)
    await redis.aclose()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy."""
    monkeypatch.setattr(limits, "ANSWER_S", 30.0)


@pytest.fixture
def place() -> Place:
    return Place("acme", f"l{next(CLASSES)}")


def letter(payload: str, sender: int = 2) -> Letter:
    who = Participant(ParticipantId(f"p{sender}"), "Ada", Role.LEARNER, "eu-west")
    return Letter(who, SignalKind.CANDIDATE, payload, CLOCK.now())


@dataclass
class Reader:
    """A client which keeps what it was told, and goes on from where it was."""

    boxes: Mailboxes
    place: Place
    cursor: str | None = None
    told: list[SignalEvent] = field(default_factory=list)

    async def read(self) -> SignalNews:
        box = await self.boxes.read(self.place, READER, self.cursor)
        return news_of(box, self.cursor)

    async def take(self, events: Sequence[SignalEvent], then: str | None = None) -> None:
        self.told += events
        self.cursor = then or (events[-1].cursor if events else self.cursor)

    async def catch_up(self) -> "Reader":
        news = await self.read()
        await self.take(news.events, news.cursor)
        return self

    @property
    def payloads(self) -> list[str]:
        return [one.payload for one in self.told if isinstance(one, Signal)]

    @property
    def dropped(self) -> int:
        return sum(one.dropped for one in self.told if isinstance(one, Gap))


async def test_a_signal_arrives_as_it_was_sent(boxes: Mailboxes, place: Place) -> None:
    sent = letter('v=0\r\ns=-\r\na="☃"\x00')

    cursor = await boxes.send(place, 2, READER, sent, "k")

    [told] = (await Reader(boxes, place).catch_up()).told
    assert told == Signal(cursor, sent.sender, sent.kind, sent.payload, sent.sent_at)


async def test_each_signal_is_heard_once_and_in_order_while_many_send_and_the_reader_resumes(
    boxes: Mailboxes, place: Place, figure: Recorder
) -> None:
    """Each is sent twice with one key, as by a client that heard no answer to the first."""
    each, reader, chance = 100, Reader(boxes, place), random.Random(7)
    is_sending, sent = True, list[str]()

    async def is_near() -> bool:
        return len(sent) - len(reader.told) < BEHIND

    async def send(sender: int) -> None:
        for nth in range(each):
            told = letter(f"{sender}:{nth}", sender)
            await until(is_near)
            sent.append(told.payload)
            first = await boxes.send(place, sender, READER, told, f"{nth}")
            assert await boxes.send(place, sender, READER, told, f"{nth}") == first

    async def read() -> None:
        while is_sending:
            events = (await reader.read()).events
            # The socket broke behind any one of them: the rest is told again by the cursor.
            await reader.take(events[: chance.randint(0, len(events))])
        await reader.catch_up()

    reading = asyncio.ensure_future(read())
    async with asyncio.TaskGroup() as work:
        for sender in SENDERS:
            work.create_task(send(sender))
    is_sending = False
    await reading

    heard = reader.payloads
    of_each = [[one for one in heard if one.startswith(f"{s}:")] for s in SENDERS]
    disordered = sum(
        one != sorted(one, key=lambda said: int(said.partition(":")[2])) for one in of_each
    )
    figure("mailbox", sent=len(sent), heard=len(heard), twice=len(heard) - len(set(heard)))
    assert (len(set(heard)), len(heard) + reader.dropped, disordered) == (len(heard), len(sent), 0)
    assert reader.dropped == 0, (
        f"{reader.dropped} of {len(sent)} signals dropped for a quick reader"
    )


async def test_without_the_key_a_signal_that_is_sent_again_is_heard_twice(
    boxes: Mailboxes, place: Place
) -> None:
    for key in ("k", "another"):
        await boxes.send(place, 2, READER, letter("same"), key)

    assert (await Reader(boxes, place).catch_up()).payloads == ["same", "same"]


async def test_what_was_trimmed_is_counted_exactly(
    boxes: Mailboxes, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BURST", 1_000)
    await boxes.send(place, 2, READER, letter("0"), "0")
    reader = await Reader(boxes, place).catch_up()

    for nth in range(1, 301):
        await boxes.send(place, 2, READER, letter(str(nth)), str(nth))
    await reader.catch_up()

    assert reader.dropped == 300 - limits.MOST_SIGNALS
    assert reader.payloads == ["0", *(str(nth) for nth in range(45, 301))]


async def test_a_mailbox_is_bounded_by_bytes_too(boxes: Mailboxes, place: Place) -> None:
    reader, large = await Reader(boxes, place).catch_up(), "x" * 16_000

    for nth in range(60):
        await boxes.send(place, 2, READER, letter(large), str(nth))
    await reader.catch_up()

    kept = len(reader.payloads)
    assert kept == 32, f"{kept} signals of 16 KB in {limits.MOST_BYTES} bytes"
    assert reader.dropped == 60 - kept


async def test_when_redis_forgets_everything_the_reader_is_told_and_hears_what_comes(
    boxes: Mailboxes, place: Place, servers: Servers
) -> None:
    await boxes.send(place, 2, READER, letter("before"), "1")
    reader = await Reader(boxes, place).catch_up()
    await boxes.send(place, 2, READER, letter("lost"), "2")

    servers.forget_all()
    await boxes.send(place, 2, READER, letter("after"), "3")
    await reader.catch_up()

    assert [type(one) for one in reader.told] == [Signal, Gap, Signal]
    assert reader.payloads == ["before", "after"]
    assert reader.dropped == 1
    await reader.catch_up()
    assert len(reader.told) == 3


async def test_a_key_of_another_signal_is_refused_and_one_of_another_sender_is_not(
    boxes: Mailboxes, place: Place
) -> None:
    await boxes.send(place, 2, READER, letter("one"), "k")

    with pytest.raises(KeyReused):
        await boxes.send(place, 2, READER, letter("two"), "k")
    with pytest.raises(KeyReused):
        await boxes.send(place, 2, 9, letter("one"), "k")
    await boxes.send(place, 3, READER, letter("two"), "k")


async def test_who_sends_too_fast_is_told_when_to_go_on_and_others_send_meanwhile(
    boxes: Mailboxes, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_S", 5)
    monkeypatch.setattr(limits, "BURST", 10)
    sent, again_in_ms = 0, 0
    while not again_in_ms:
        try:
            # Whomever it is sent to: the tokens are the sender's.
            await boxes.send(place, 2, READER + sent % 3 * 10, letter(str(sent)), str(sent))
            sent += 1
        except TooFast as slow:
            again_in_ms = slow.again_in_ms

    assert 10 <= sent < 1_000
    assert 0 < again_in_ms <= 200
    await boxes.send(place, 3, READER, letter("other"), "k")
    await boxes.send(place, 2, READER, letter("0"), "0")
    await asyncio.sleep(again_in_ms / 1000)
    await boxes.send(place, 2, READER, letter("again"), "again")


async def test_the_owner_is_told_that_something_came(boxes: Mailboxes, place: Place) -> None:
    listening = await pubsub_of(boxes.redis)
    await listening.subscribe(place.topic(READER))
    await until(lambda: _heard(listening, "subscribe"))

    await boxes.send(place, 2, READER, letter("one"), "k")

    await until(lambda: _heard(listening, "message"))
    await listening.aclose()  # type: ignore[no-untyped-call]


async def _heard(listening: object, kind: str) -> bool:
    told = await listening.get_message(timeout=0.1)  # type: ignore[attr-defined]
    return told is not None and told["type"] == kind


async def test_the_end_of_a_class_is_told_to_all_what_is_left_is_read_and_nothing_is_sent(
    boxes: Mailboxes, place: Place
) -> None:
    await boxes.send(place, 2, READER, letter("bye"), "k")
    reader = Reader(boxes, place)

    await boxes.close(place)
    news = await reader.read()

    assert news.is_over
    assert [one.payload for one in news.events if isinstance(one, Signal)] == ["bye"]
    with pytest.raises(ClassOver):
        await boxes.send(place, 2, READER, letter("late"), "k2")
    left_ms = await boxes.redis.pttl(place.mailbox(READER)[1])
    assert 0 < left_ms <= limits.LINGERS_MS


async def test_who_left_and_comes_again_does_not_hear_what_was_said_to_them_before(
    boxes: Mailboxes, place: Place
) -> None:
    await boxes.send(place, 2, READER, letter("old"), "k")

    await boxes.forget(place, READER)

    assert (await Reader(boxes, place).catch_up()).told == []


async def test_all_that_a_mailbox_needs_ends_by_itself(boxes: Mailboxes, place: Place) -> None:
    await boxes.send(place, 2, READER, letter("one"), "k")

    facts, signals = place.mailbox(READER)
    for name in (facts, signals, place.index, place.key("rate", 2), place.done(2, "k")):
        assert 0 < await boxes.redis.pttl(name) <= limits.LASTS_MS, name


async def test_a_server_that_is_away_is_said_so() -> None:
    boxes = Mailboxes(redis_of("redis://127.0.0.1:1"))

    with pytest.raises(MailboxesAway):
        await boxes.send(Place("acme", "l1"), 2, READER, letter("one"), "k")
    with pytest.raises(MailboxesAway):
        await boxes.read(Place("acme", "l1"), READER, None)
    await boxes.redis.aclose()
