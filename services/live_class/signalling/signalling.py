"""Sends signals between the participants of a class, and reads to each what was sent to them."""

from contextlib import suppress
from dataclasses import dataclass

import asyncpg

from services.commands.bus import Order
from services.commands.refusal import UNABLE
from services.contracts.classroom import Participant, SignalNews, SignalSent
from services.contracts.classroom_api import After, Send
from services.contracts.errors import HIDDEN, KEY_REUSED, ErrorCode, Refused
from services.contracts.ids import Kind, ParticipantId, encode
from services.contracts.viewer import Viewer
from services.kit.clock import Clock
from services.live_class.signalling.mailbox import Letter, news_of
from services.live_class.signalling.mailboxes import (
    ClassOver,
    KeyReused,
    Mailboxes,
    MailboxesAway,
    Place,
    TooFast,
)
from services.live_class.signalling.people import People, Present, Whereabouts, may_reach

MOST_BYTES = 16 * 1024
TOO_LARGE = Refused(ErrorCode.INVALID, "A signal has 16 KB at most.")
TO_ONESELF = Refused(ErrorCode.INVALID, "Nobody sends signals to themselves.")
APART = Refused(ErrorCode.FORBIDDEN, "They are in another room of this class.")
OVER = Refused(ErrorCode.CLASS_CLOSED, "This class is over.")
FULL = (TimeoutError, asyncpg.InsufficientResourcesError, asyncpg.QueryCanceledError)
"""There is no connection, no room or no time left."""


@dataclass(frozen=True, slots=True)
class Signalling:
    """Nothing of it is written to PostgreSQL."""

    mailboxes: Mailboxes
    people: People
    clock: Clock

    async def send(self, order: Order[Send]) -> SignalSent | Refused:
        """Sent once for each key. The sender is who the call is signed for."""
        said, sender = order.command, int(order.actor.user)
        if sender == said.to:
            return TO_ONESELF
        if len(said.payload.encode(errors="surrogatepass")) > MOST_BYTES:
            return TOO_LARGE
        try:
            there = await self.people.of(order.actor.tenant, said.live_class, [sender, said.to])
        except FULL:
            return UNABLE
        if (refused := _refused(there, sender, said.to)) is not None:
            return refused
        return await self._deliver(order, there.people[sender])

    async def news(self, viewer: Viewer, said: After) -> SignalNews | Refused:
        """What was sent to the viewer behind the cursor."""
        place, user = Place(viewer.tenant, said.live_class), int(viewer.user)
        there = await self.people.of(viewer.tenant, said.live_class, [user])
        if user not in there.people and not there.is_over:
            return HIDDEN
        try:
            if there.is_over:
                await self.mailboxes.close(place)
            box = await self.mailboxes.read(place, user, said.cursor)
        except MailboxesAway:
            return UNABLE
        # Who has no mailbox in a class that is over may have been a stranger to it.
        return HIDDEN if there.is_over and not box.epoch else news_of(box, said.cursor)

    def moved(self, tenant: str, live_class: str) -> None:
        """Somebody is in another room since a commit just now: here that holds at once."""
        self.people.moved(tenant, live_class)

    async def left(self, tenant: str, live_class: str, user: int) -> None:
        """Their mailbox goes with them. Never raises."""
        self.people.moved(tenant, live_class)
        with suppress(MailboxesAway):
            await self.mailboxes.forget(Place(tenant, live_class), user)

    async def ended(self, tenant: str, live_class: str) -> None:
        """All who listen are told. Never raises: whoever reads later is told by the room."""
        self.people.moved(tenant, live_class)
        with suppress(MailboxesAway):
            await self.mailboxes.close(Place(tenant, live_class))

    async def _deliver(self, order: Order[Send], there: Whereabouts) -> SignalSent | Refused:
        said, actor = order.command, order.actor
        sender = participant(actor.tenant, said.live_class, int(actor.user), there)
        letter = Letter(sender, said.kind, said.payload, self.clock.now())
        place = Place(actor.tenant, said.live_class)
        try:
            sent = self.mailboxes.send(place, int(actor.user), said.to, letter, order.key)
            return SignalSent(await sent)
        except KeyReused:
            return KEY_REUSED
        except TooFast as wait:
            return _too_fast(wait.again_in_ms)
        except ClassOver:
            return OVER
        except MailboxesAway:
            return UNABLE


def participant(tenant: str, live_class: str, user: int, there: Whereabouts) -> Participant:
    named = encode(Kind.PARTICIPANT, tenant, f"{live_class}.{user}")
    return Participant(ParticipantId(named), there.name, there.role, there.region)


def _refused(there: Present, sender: int, to: int) -> Refused | None:
    if there.is_over:
        return OVER
    if sender not in there.people or to not in there.people:
        return HIDDEN
    return None if may_reach(there.people[sender], there.people[to]) else APART


def _too_fast(again_in_ms: int) -> Refused:
    return Refused(
        ErrorCode.RATE_LIMITED,
        "That is too many signals at once: wait a moment.",
        retryable=True,
        retry_after_ms=again_in_ms,
    )
