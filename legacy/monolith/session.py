"""Cookie sessions: in this process's memory, gone when it stops or when their time is up."""

import secrets
from dataclasses import dataclass

from legacy.monolith.clock import Clock

COOKIE = "MONOSESSION"
SESSION = "monolith.session"
"""Where the scope of a signed-in request keeps its session."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and until when on the clock that never goes back."""

    tenant: str
    user: int
    timezone: str
    ends_s: float


class Sessions:
    """A session lasts `lasts_s` from its login, however much it is used."""

    def __init__(self, clock: Clock, lasts_s: float) -> None:
        self._clock = clock
        self._lasts_s = lasts_s
        self._open: dict[str, Session] = {}

    def open(self, tenant: str, user: int, timezone: str) -> str:
        """Gives the cookie of a new session."""
        self._forget_ended()
        cookie = secrets.token_urlsafe(24)
        ends_s = self._clock.monotonic_s() + self._lasts_s
        self._open[cookie] = Session(tenant, user, timezone, ends_s)
        return cookie

    def living(self, cookie: str | None) -> Session | None:
        session = self._open.get(cookie or "")
        if session is None or session.ends_s <= self._clock.monotonic_s():
            return None
        return session

    def close(self, cookie: str | None) -> None:
        self._open.pop(cookie or "", None)

    def _forget_ended(self) -> None:
        # All last equally long, so the oldest come first and end first.
        now_s = self._clock.monotonic_s()
        for cookie, session in list(self._open.items()):
            if session.ends_s > now_s:
                return
            del self._open[cookie]
