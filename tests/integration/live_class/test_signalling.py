"""Signals in a class over HTTP, with its rooms in PostgreSQL and its mailboxes in Valkey."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.contracts import classroom_api as api
from services.contracts.classroom import (
    Advice,
    ClassDeed,
    ClassUpdated,
    Quality,
    QualityAdvice,
    Signal,
    SignalKind,
    SignalNews,
    SignalSent,
)
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import Kind, encode
from services.kit.clock import SystemClock
from services.kit.settings import Settings
from services.live_class.service import Addresses, service
from services.live_class.signalling import mailboxes
from services.live_class.signalling.people import KEPT_S
from services.live_class.signalling.signalling import MOST_BYTES
from tests.integration.live_class.conftest import NOBODY
from tests.integration.live_class.lecture import CLASS, STRANGER, TEACHER, Lecture
from tests.integration.monolith.serving import serving
from tests.stack import Stack

ADA, BEN, CLEO = 10, 11, 12
WRITTEN = """
SELECT (SELECT count(*) FROM command_keys WHERE tenant_id = $1)
    + (SELECT count(*) FROM outbox WHERE tenant_id = $1)
    + (SELECT sum(version) FROM participants WHERE tenant_id = $1 AND live_class = $2)
    + (SELECT sum(version) FROM rooms WHERE tenant_id = $1 AND live_class = $2)
"""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy."""
    monkeypatch.setattr(mailboxes, "ANSWER_S", 30.0)


@pytest.fixture
async def held(lecture: Lecture) -> Lecture:
    """The teacher has begun; three learners are there."""
    await lecture.joins(TEACHER)
    await lecture.does(TEACHER, ClassDeed.START)
    await lecture.all_join([ADA, BEN, CLEO])
    return lecture


@pytest.fixture
async def elsewhere(live_class_url: str, stack: Stack, tmp_path: Path) -> AsyncIterator[str]:
    """Where another process of the service answers."""
    at = Addresses(live_class_url, stack.redis, NOBODY, settings=Settings(home=tmp_path))
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        yield url


async def sends(
    held: Lecture, sender: int, to: int, payload: str = "v=0", key: str = "", url: str = ""
) -> SignalSent | Refused:
    words = api.Send(CLASS, to, SignalKind.OFFER, payload)
    return await held.ask(sender, api.SEND, words, key, url)


async def hears(held: Lecture, user: int, after: str | None = None) -> SignalNews:
    found = await held.ask(user, api.SIGNALS, api.After(CLASS, after))
    assert isinstance(found, SignalNews), found
    return found


async def payloads(held: Lecture, user: int) -> list[str]:
    return [one.payload for one in (await hears(held, user)).events if isinstance(one, Signal)]


async def test_a_signal_reaches_whom_it_is_for_and_nobody_else(held: Lecture) -> None:
    sent = await sends(held, ADA, BEN)

    assert isinstance(sent, SignalSent), sent
    [told] = (await hears(held, BEN)).events
    assert isinstance(told, Signal)
    assert told.sender.id == encode(Kind.PARTICIPANT, held.tenant, f"{CLASS}.{ADA}")
    assert (told.sender.name, told.cursor) == (f"Person {ADA}", sent.cursor)
    for other in (ADA, CLEO, TEACHER):
        assert await payloads(held, other) == []


async def test_it_goes_on_behind_the_cursor(held: Lecture) -> None:
    await sends(held, ADA, BEN, "1")
    cursor = (await hears(held, BEN)).cursor
    await sends(held, ADA, BEN, "2")

    news = await hears(held, BEN, cursor)

    assert [one.payload for one in news.events if isinstance(one, Signal)] == ["2"]


async def test_sent_again_with_its_key_it_is_heard_once(held: Lecture) -> None:
    first = await sends(held, ADA, BEN, "v=0", "same")

    assert await sends(held, ADA, BEN, "v=0", "same") == first
    other = await sends(held, ADA, BEN, "v=1", "same")
    assert isinstance(other, Refused)
    assert other.code is ErrorCode.KEY_REUSED
    assert await payloads(held, BEN) == ["v=0"]


async def test_signals_write_nothing_to_postgresql(held: Lecture) -> None:
    before = await held.value(WRITTEN)

    for nth in range(20):
        assert isinstance(await sends(held, ADA, BEN, str(nth)), SignalSent)

    assert await held.value(WRITTEN) == before


@pytest.mark.parametrize(("sender", "to"), [(STRANGER, ADA), (ADA, STRANGER), (ADA, 19)])
async def test_who_has_not_joined_neither_sends_nor_is_sent_to(
    held: Lecture, sender: int, to: int
) -> None:
    assert await sends(held, sender, to) == HIDDEN


async def test_who_has_not_joined_hears_nothing(held: Lecture) -> None:
    for nobody in (STRANGER, 19):
        assert await held.ask(nobody, api.SIGNALS, api.After(CLASS, None)) == HIDDEN


async def test_who_has_left_is_there_no_more_and_finds_nothing_old_when_they_come_back(
    held: Lecture,
) -> None:
    await sends(held, ADA, BEN)

    await held.does(BEN, ClassDeed.LEAVE)

    assert await sends(held, ADA, BEN) == HIDDEN
    assert await held.ask(BEN, api.SIGNALS, api.After(CLASS, None)) == HIDDEN
    await held.joins(BEN)
    assert await payloads(held, BEN) == []


async def test_those_in_different_breakouts_do_not_reach_one_another(held: Lecture) -> None:
    assert isinstance(await sends(held, ADA, BEN), SignalSent)

    await held.opens(2)
    await held.moves(ADA, 1)
    await held.moves(BEN, 2)
    await held.moves(CLEO, 1)

    apart = await sends(held, ADA, BEN)
    assert isinstance(apart, Refused)
    assert apart.code is ErrorCode.FORBIDDEN
    assert isinstance(await sends(held, ADA, CLEO), SignalSent)
    await held.moves(CLEO, None)
    assert isinstance(await sends(held, ADA, CLEO), Refused)


async def test_who_teaches_reaches_every_breakout_and_is_answered(held: Lecture) -> None:
    await held.opens(2)
    await held.moves(ADA, 1)

    assert isinstance(await sends(held, TEACHER, ADA), SignalSent)
    assert isinstance(await sends(held, ADA, TEACHER), SignalSent)


async def test_when_breakouts_are_closed_all_reach_one_another_at_once(held: Lecture) -> None:
    await held.opens(2)
    await held.moves(ADA, 1)
    await held.moves(BEN, 2)
    assert isinstance(await sends(held, ADA, BEN), Refused)

    await held.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)

    assert isinstance(await sends(held, ADA, BEN), SignalSent)


async def test_a_move_holds_within_a_second_in_another_process(
    held: Lecture, elsewhere: str
) -> None:
    assert isinstance(await sends(held, ADA, BEN, url=elsewhere), SignalSent)
    await held.opens(2)
    await held.moves(ADA, 1)
    await held.moves(BEN, 2)

    await asyncio.sleep(KEPT_S)

    assert isinstance(await sends(held, ADA, BEN, url=elsewhere), Refused)


async def test_the_end_of_the_class_is_heard_and_nothing_more_is_sent(held: Lecture) -> None:
    await sends(held, ADA, BEN, "last words")

    assert isinstance(await held.does(TEACHER, ClassDeed.END), ClassUpdated)

    news = await hears(held, BEN)
    assert news.is_over
    assert [one.payload for one in news.events if isinstance(one, Signal)] == ["last words"]
    late = await sends(held, ADA, BEN)
    assert isinstance(late, Refused)
    assert late.code is ErrorCode.CLASS_CLOSED
    assert await held.ask(STRANGER, api.SIGNALS, api.After(CLASS, None)) == HIDDEN


async def test_a_signal_has_16_kb_at_most_and_nobody_sends_to_themselves(held: Lecture) -> None:
    assert isinstance(await sends(held, ADA, BEN, "é" * (MOST_BYTES // 2)), SignalSent)

    for refused in (
        await sends(held, ADA, BEN, "x" * (MOST_BYTES + 1)),
        await sends(held, ADA, ADA),
    ):
        assert isinstance(refused, Refused)
        assert refused.code is ErrorCode.INVALID


async def test_who_sends_too_fast_is_told_when_to_come_again(
    held: Lecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "BURST", 5)
    monkeypatch.setattr(mailboxes, "PER_S", 1)
    found = [await sends(held, ADA, BEN, str(nth)) for nth in range(20)]

    refused = [one for one in found if isinstance(one, Refused)]
    assert refused
    for one in refused:
        assert (one.code, one.retryable) == (ErrorCode.RATE_LIMITED, True)
        assert 0 < (one.retry_after_ms or 0) <= 1_000
    assert isinstance(await sends(held, CLEO, BEN), SignalSent)


async def test_who_reports_a_bad_connection_is_advised_and_strangers_are_not(
    held: Lecture,
) -> None:
    words = api.Report(CLASS, Quality(80, 20.0, 5, False, "eu-west"))

    given = await held.ask(ADA, api.REPORT, words)

    assert isinstance(given, QualityAdvice), given
    assert given.advice is Advice.AUDIO_ONLY
    assert await held.ask(STRANGER, api.REPORT, words) == HIDDEN
