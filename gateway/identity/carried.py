"""What a session has seen by all its requests, for whoever answers one of them."""

from redis.exceptions import RedisError

from gateway.identity.identity import Identity
from gateway.identity.session import Session, Sessions
from services.contracts.freshness import Seen, merged
from services.kit.log import Log

log = Log("session")


class Carried:
    """One request's, or one socket's, which lives longer than the session's other requests.

    Without Redis it knows what it knew, and goes on.
    """

    def __init__(self, session: Session, sessions: Sessions) -> None:
        self._session = session
        self._sessions = sessions
        self._noted: dict[str, int] = dict(session.seen)

    @property
    def identity(self) -> Identity:
        return self._session.identity

    async def seen(self) -> Seen:
        """By now, by whichever request."""
        try:
            self._noted = merged(self._noted, await self._sessions.seen(self._session))
        except (RedisError, OSError) as away:
            log.warning("session.not_read", why=str(away))
        return self._noted

    def is_new(self, seen: Seen) -> bool:
        return bool(self._new(seen))

    def _new(self, seen: Seen) -> dict[str, int]:
        return {of: version for of, version in seen.items() if version > self._noted.get(of, -1)}

    async def note(self, seen: Seen) -> None:
        new = self._new(seen)
        if not new:
            return
        try:
            await self._sessions.note(self._session, new)
        except (RedisError, OSError) as away:
            log.warning("session.not_noted", why=str(away))
        else:
            self._noted = merged(self._noted, new)
