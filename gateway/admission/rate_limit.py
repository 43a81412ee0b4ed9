"""How much viewers and tenants may ask for a second, by cost: counted for all processes in Redis.

A process takes tokens ahead, and spends them without asking anybody; whoever has few left has new
ones fetched in the background. Without Redis each process counts by itself.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, NoReturn, Protocol

from gateway.operation.limits import SHARES
from services.contracts.viewer import Viewer
from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log

log = Log("rates")
BASE = 10.0
"""What an operation costs beside what it asks for."""
BURST_S, AHEAD_S = 10.0, 2.0
"""Seconds' worth that one may save up, and that a process takes at once."""
ASKED_AGAIN_S = 0.1
HELD_S = 0.5
ANSWER_S = 0.05
REST_S = 1.0
"""How long Redis is left alone once it did not answer."""
MOST = 20_000


class Key(NamedTuple):
    """Of a tenant, or of one of its viewers."""

    tenant: str
    user: str | None = None


class Denied(NamedTuple):
    wait_s: float
    is_tenant: bool


class Take(NamedTuple):
    """Tokens that somebody would have, of those that come at such a rate."""

    key: Key
    rate: float
    wanted: float


class Away(Exception):
    """The store did not answer."""


class Store(Protocol):
    async def take(self, tenant: str, takes: list[Take]) -> list[float]:
        """What each of one tenant gets. Raises Away."""


@dataclass(eq=False, slots=True)
class Account:
    """`left` may go below nothing once: by then more are asked for."""

    key: Key
    rate: float
    left: float
    at_s: float
    asked_s: float = -math.inf
    held_until_s: float = -math.inf
    is_dry: bool = False
    """It was told that there are no tokens for it."""

    @property
    def ahead(self) -> float:
        return self.rate * AHEAD_S

    def alone(self, now_s: float) -> None:
        """As if there was nobody else."""
        come = (now_s - self.at_s) * self.rate
        self.left, self.at_s = min(self.rate * BURST_S, self.left + come), now_s
        self.is_dry = self.left <= 0
        if self.is_dry:
            self.held_until_s = now_s - self.left / self.rate

    def get(self, given: float, now_s: float) -> None:
        self.left, self.at_s = self.left + given, now_s
        self.is_dry = self.left <= 0
        if self.is_dry:
            self.held_until_s = now_s + HELD_S


class Rates:
    """Rates are costs a second; 0 is none. `run()` fetches while it runs."""

    def __init__(
        self, clock: Clock, viewer: float, tenant: float, store: Store | None = None
    ) -> None:
        self._clock = clock
        self._viewer = viewer
        self._tenant = tenant
        self._store = store
        self._accounts: OrderedDict[tuple[str, str | None], Account] = OrderedDict()
        self._wanted: dict[Key, None] = {}
        self._is_wanted = asyncio.Event()
        self._rests_until_s = -math.inf

    def spend(self, viewer: Viewer | None, cost: float, *, is_exam: bool) -> Denied | None:
        """None where it was spent. An exam's tenant may owe: its own learners are not refused."""
        if viewer is None:
            return None
        now_s, paid = self._clock.monotonic_s(), cost + BASE
        own = self._of_viewer(viewer, now_s) if self._viewer else None
        if own is not None and (wait_s := self._wait_s(own, now_s)):
            return Denied(wait_s, is_tenant=False)
        all_of = self._of_tenant(viewer.tenant, now_s) if self._tenant else None
        if all_of is not None and (wait_s := self._wait_s(all_of, now_s)) and not is_exam:
            return Denied(wait_s, is_tenant=True)
        if own is not None:
            self._take(own, paid, now_s)
        if all_of is not None:
            self._take(all_of, paid, now_s)
        return None

    async def run(self) -> NoReturn:
        while True:
            await self._is_wanted.wait()
            self._is_wanted.clear()
            wanted, self._wanted = self._wanted, {}
            for tenant in {key.tenant: None for key in wanted}:
                await self._fetch(tenant, [key for key in wanted if key.tenant == tenant])
                # The library may swallow that this task was cancelled.
                heed_cancellation()

    def _take(self, account: Account, paid: float, now_s: float) -> None:
        account.left -= paid
        if account.left < account.rate * AHEAD_S / 2:
            self._want(account, now_s)

    def _wait_s(self, account: Account, now_s: float) -> float:
        if account.held_until_s > now_s:
            return account.held_until_s - now_s
        if not account.is_dry:
            return 0.0
        self._want(account, now_s)
        if account.is_dry:
            account.held_until_s = max(account.held_until_s, now_s + ANSWER_S)
        return max(0.0, account.held_until_s - now_s)

    def _of_viewer(self, viewer: Viewer, now_s: float) -> Account:
        account = self._accounts.get((viewer.tenant, viewer.user))
        if account is None:
            key, rate = Key(viewer.tenant, viewer.user), self._viewer * _share(viewer)
            account = self._open(Account(key, rate, rate * AHEAD_S, now_s))
        return account

    def _of_tenant(self, tenant: str, now_s: float) -> Account:
        account = self._accounts.get((tenant, None))
        if account is None:
            left = self._tenant * AHEAD_S
            account = self._open(Account(Key(tenant), self._tenant, left, now_s))
        return account

    def _open(self, account: Account) -> Account:
        if len(self._accounts) >= MOST:
            self._accounts.popitem(last=False)
        self._accounts[account.key] = account
        return account

    def _want(self, account: Account, now_s: float) -> None:
        if self._store is None or now_s < self._rests_until_s:
            account.alone(now_s)
        elif now_s - account.asked_s >= ASKED_AGAIN_S:
            account.asked_s = now_s
            self._wanted[account.key] = None
            self._is_wanted.set()
        elif account.left < -account.ahead:
            account.held_until_s = now_s + ANSWER_S

    async def _fetch(self, tenant: str, keys: Iterable[Key]) -> None:
        """In one call; where it fails each goes on alone."""
        asked = [(key, self._accounts[key]) for key in keys if key in self._accounts]
        takes = [Take(key, one.rate, one.ahead - one.left) for key, one in asked]
        given = await self._given(tenant, takes)
        now_s = self._clock.monotonic_s()
        for nth, (_, account) in enumerate(asked):
            if given is None:
                account.alone(now_s)
            else:
                account.get(given[nth], now_s)

    async def _given(self, tenant: str, takes: list[Take]) -> list[float] | None:
        if self._store is None or self._clock.monotonic_s() < self._rests_until_s:
            return None
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._store.take(tenant, takes)
        except (Away, TimeoutError) as away:
            self._rests_until_s = self._clock.monotonic_s() + REST_S
            log.warning("rates.alone", why=str(away) or type(away).__name__)
            return None


def _share(viewer: Viewer) -> float:
    """As much more as one operation of theirs may cost."""
    return max([SHARES[role] for role in viewer.roles], default=1.0)
