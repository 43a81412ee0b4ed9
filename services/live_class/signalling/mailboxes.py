"""Mailboxes of a class's participants, in Redis: each is bounded, and counts what it took.

Those of one class lie in one slot of a cluster, those of different classes wherever they fall.
Lost ones are told of by a Gap; nothing of them is truth that must survive.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from redis.exceptions import RedisError

from services.contracts.classroom_api import signals_topic
from services.kit.redis import AnyRedis
from services.live_class.signalling.mailbox import Box, Cursor, Letter
from services.live_class.signalling.scripts import CLOSE, READ, SEND

PER_S, BURST = 60, 200
"""What one participant may send: an offer and its candidates to some at once, and then steadily."""
MOST_SIGNALS, MOST_BYTES = 256, 512 * 1024
LASTS_MS = 6 * 3_600_000
"""Since it was last read or written to: longer than any class."""
REMEMBERS_MS = 600_000
LINGERS_MS = 60_000
"""So long a mailbox is still read behind the end of its class."""
ANSWER_S = 1.0
AT_ONCE = 500
"""Mailboxes that are closed with one round trip."""


class MailboxesAway(Exception):
    """Redis did not answer: nothing was sent, or it is not known."""


class KeyReused(Exception):
    """The key was used for another signal."""


class TooFast(Exception):
    """The sender has sent too much; `again_in_ms` until the next may go."""

    def __init__(self, again_in_ms: int) -> None:
        super().__init__(f"again in {again_in_ms} ms")
        self.again_in_ms = again_in_ms


class ClassOver(Exception):
    """Nothing is sent in this class any more."""


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Each method raises MailboxesAway."""

    redis: AnyRedis

    async def send(self, at: "Place", sender: int, to: int, letter: Letter, key: str) -> str:
        """The cursor behind it, the same however often the key is sent.

        Raises KeyReused, TooFast or ClassOver.
        """
        body = msgspec.json.encode(letter)
        what = sha256(msgspec.json.encode([to, letter.kind, letter.payload])).hexdigest()
        facts, signals = at.mailbox(to)
        keys = [facts, signals, at.key("rate", sender), at.done(sender, key), *at.shared]
        limits = (PER_S, BURST, MOST_SIGNALS, MOST_BYTES, REMEMBERS_MS)
        said = (_epoch(), to, LASTS_MS, what, body, *limits, at.topic(to))
        async with _answering():
            told, *more = await SEND.run(self.redis, keys, *said)
        if told == b"slow":
            raise TooFast(int(more[0]))
        if told != b"sent":
            raise (KeyReused if told == b"reused" else ClassOver)()
        return str(more[0], "ascii")

    async def read(self, at: "Place", user: int, after: str | None) -> Box:
        """What came behind the cursor; all that is kept where it says nothing of this mailbox."""
        cursor = Cursor.of(after or "")
        keys = [*at.mailbox(user), *at.shared]
        said = (_epoch(), user, LASTS_MS, cursor.epoch, cursor.number)
        async with _answering():
            epoch, last, is_over, kept = await READ.run(self.redis, keys, *said)
        numbered = [(int(number), bytes(body)) for number, body in kept]
        return Box(str(epoch, "ascii"), int(last), numbered, bool(is_over))

    async def close(self, at: "Place") -> None:
        """The class is over: all who have a mailbox are told, and may read what is left in it."""
        async with _answering():
            users = await CLOSE.run(self.redis, [at.over, at.index], LASTS_MS)
        for since in range(0, len(users), AT_ONCE):
            some = map(int, users[since : since + AT_ONCE])
            async with _answering(), self.redis.pipeline(transaction=False) as pipe:
                for user in some:
                    for name in at.mailbox(user):
                        pipe.execute_command("PEXPIRE", name, LINGERS_MS)
                    pipe.execute_command("PUBLISH", at.topic(user), "{}")
                await pipe.execute()

    async def forget(self, at: "Place", user: int) -> None:
        """Somebody has left: whoever joins again does not hear what was said to them before."""
        async with _answering():
            await self.redis.unlink(*at.mailbox(user))


@dataclass(frozen=True, slots=True)
class Place:
    """The class whose mailboxes are meant."""

    tenant: str
    live_class: str

    def mailbox(self, user: int) -> tuple[str, str]:
        """The names of its facts and of its signals."""
        return self.key("facts", user), self.key("signals", user)

    def done(self, sender: int, key: str) -> str:
        return self.key("done", f"{sender}:{sha256(key.encode()).hexdigest()}")

    def topic(self, user: int) -> str:
        return signals_topic(self.tenant, self.live_class, user)

    @property
    def index(self) -> str:
        return self.key("mailboxes")

    @property
    def over(self) -> str:
        return self.key("over")

    @property
    def shared(self) -> tuple[str, str]:
        return self.index, self.over

    def key(self, kind: str, of: int | str = "") -> str:
        """What stands in braces decides the slot."""
        return f"signals:{{{self.tenant}:{self.live_class}}}:{kind}:{of}"


def _epoch() -> str:
    """For a mailbox that has none."""
    return secrets.token_hex(4)


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(ANSWER_S):
            yield
    except (RedisError, OSError, TimeoutError) as away:
        raise MailboxesAway(type(away).__name__) from away
