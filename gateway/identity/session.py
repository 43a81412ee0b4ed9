"""Sessions of the web app, kept in Redis: a secret in a cookie stands for somebody's token."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from gateway.identity.identity import Identity
from services.contracts.freshness import Seen
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import UTC, Viewer
from services.kit.clock import Clock
from services.kit.redis import AnyRedis

IDLE_S = 2 * 3_600
LONGEST_S = 12 * 3_600
ROTATE_S = 900
GRACE_S = 30.0
"""So long is an old secret good beside its new one: requests are under way with it."""
MOST_SEEN = 64

# The greatest version of each stream, whichever of a session's requests ends last.
NOTE = """
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[1]) then redis.call('DEL', KEYS[1]) end
for nth = 3, #ARGV, 2 do
  local had = tonumber(redis.call('HGET', KEYS[1], ARGV[nth]) or '-1')
  if tonumber(ARGV[nth + 1]) > had then
    redis.call('HSET', KEYS[1], ARGV[nth], ARGV[nth + 1])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""


class Record(msgspec.Struct, frozen=True):
    """As Redis holds it; instants are seconds since 1970."""

    id: str
    tenant: str
    user: str
    roles: list[Role]
    began_s: float
    rotates_s: float | None
    until_s: float
    locale: str | None = None
    zone: str = UTC

    def identity(self) -> Identity:
        roles = frozenset(self.roles)
        who = Viewer(TenantId(self.tenant), UserId(self.user), roles, self.locale, self.zone)
        return Identity(who, self.began_s, self.until_s, self.id)


@dataclass(frozen=True, slots=True)
class Session:
    """`secret` is what the cookie is to say from now on; None: what it says."""

    id: str
    identity: Identity
    seen: Seen
    secret: str | None = None


class Sessions:
    """Nothing of Redis lets anybody in: it holds digests of the secrets alone."""

    def __init__(self, redis: AnyRedis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._note = redis.register_script(NOTE)

    async def begin(self, identity: Identity) -> str:
        """The secret of a session that outlives the token. Raises RedisError."""
        now_s, who = self._clock.now().timestamp(), identity.viewer
        record = Record(
            secrets.token_hex(16),
            who.tenant,
            who.user,
            sorted(who.roles),
            now_s,
            now_s + ROTATE_S,
            now_s + LONGEST_S,
            who.locale,
            who.zone,
        )
        return await self._put(record)

    async def find(self, secret: str) -> Session | None:
        """Whose it is, and all that they have seen; it lasts longer for it. Raises RedisError."""
        kept = await self._redis.getex(_key(secret), ex=IDLE_S)
        if kept is None:
            return None
        record, now_s = msgspec.json.decode(kept, type=Record), self._clock.now().timestamp()
        if now_s >= record.until_s:
            return None
        seen = await self._seen(record.id)
        renewed = await self._rotated(secret, record, now_s)
        return Session(record.id, record.identity(), seen, renewed)

    async def seen(self, session: Session) -> Seen:
        """By all its requests until now. Raises RedisError."""
        return await self._seen(session.id)

    async def note(self, session: Session, seen: Seen) -> None:
        """Raises RedisError."""
        pairs = [part for pair in seen.items() for part in pair]
        await self._note([_seen_key(session.id)], [MOST_SEEN, IDLE_S, *pairs])

    async def _seen(self, id_: str) -> Seen:
        told: dict[Any, Any] = await self._redis.hgetall(_seen_key(id_))
        return {stream.decode(): int(version) for stream, version in told.items()}

    async def end(self, secret: str) -> None:
        """Raises RedisError."""
        await self._redis.delete(_key(secret))

    async def _rotated(self, secret: str, record: Record, now_s: float) -> str | None:
        if record.rotates_s is None or now_s < record.rotates_s:
            return None
        spent = msgspec.structs.replace(record, rotates_s=None, until_s=now_s + GRACE_S)
        # Of several requests at once the first that says so makes the new secret.
        old: Any = await self._redis.set(_key(secret), _text(spent), ex=int(GRACE_S), get=True)
        if old is None or msgspec.json.decode(old, type=Record).rotates_s is None:
            return None
        return await self._put(msgspec.structs.replace(record, rotates_s=now_s + ROTATE_S))

    async def _put(self, record: Record) -> str:
        secret = secrets.token_urlsafe(32)
        await self._redis.set(_key(secret), _text(record), ex=IDLE_S)
        return secret


def _text(record: Record) -> bytes:
    return msgspec.json.encode(record)


def _key(secret: str) -> str:
    return f"session:{sha256(secret.encode()).hexdigest()}"


def _seen_key(session: str) -> str:
    return f"session-seen:{session}"
