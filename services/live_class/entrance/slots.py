"""When each of thousands who come at once begins: one after the other, so many in a second.

The heavy steps of a join (media, relays, the page's data) are the client's to delay. By Redis the
order is exact for all processes; without it everybody is put by chance of their name into the time
that those take who came lately.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from math import ceil

from services.kit.clock import Clock
from services.live_class.aside import Aside
from services.live_class.script import Script

LONGEST_MS = 30_000
HELD_MS = 10_000
"""Whoever comes again so soon keeps their slot; later they come with everybody else."""
PROCESSES = 8
"""How many may take in a class's herd while none of them hears of the others."""

# KEYS: when the next of the class may begin, and the slots that were given. ARGV: whose; ms between
# two; the longest wait; how long a slot is held. -1: there are more than fit into the longest wait.
TAKE = Script.of("""
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local held = tonumber(redis.call('HGET', KEYS[2], ARGV[1]))
if held and held > now - ARGV[4] then return math.max(0, math.ceil(held - now)) end
local slot = math.max(now, tonumber(redis.call('GET', KEYS[1])) or 0)
if slot - now > tonumber(ARGV[3]) then return -1 end
redis.call('SET', KEYS[1], string.format('%.3f', slot + ARGV[2]), 'PX', ARGV[3] * 2)
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.3f', slot))
redis.call('PEXPIRE', KEYS[2], ARGV[3] * 2)
return math.ceil(slot - now)
""")


@dataclass(slots=True)
class Herd:
    """Who came to a class, in this process, since a moment on the monotonic scale."""

    since_s: float
    count: int = 0


@dataclass(frozen=True, slots=True)
class Slots:
    aside: Aside
    clock: Clock
    per_s: int
    """Starts of one class."""
    _herds: dict[tuple[str, str], Herd] = field(default_factory=dict)

    async def wait_ms(self, tenant: str, live_class: str, user: int) -> int:
        """From now on: 0 while few come, LONGEST_MS at most."""
        alone_ms = self._alone_ms(tenant, live_class, user)
        if self.aside.rests:
            return alone_ms
        tag = f"slot:{{{tenant}:{live_class}}}"
        said = (user, f"{1000 / self.per_s:.3f}", LONGEST_MS, HELD_MS)
        asked = TAKE.run(self.aside.redis, [f"{tag}:next", f"{tag}:held"], *said)
        told = await self.aside.ask(asked)
        if told is None:
            return alone_ms
        # There are too many for any order: they fill the time evenly.
        return int(told) if told >= 0 else spread_ms(tenant, live_class, user, LONGEST_MS)

    def _alone_ms(self, tenant: str, live_class: str, user: int) -> int:
        herd = self._herd(tenant, live_class)
        herd.count += 1
        lasts_ms = ceil((herd.count - 1) * PROCESSES * 1000 / self.per_s)
        return spread_ms(tenant, live_class, user, min(LONGEST_MS, lasts_ms))

    def _herd(self, tenant: str, live_class: str) -> Herd:
        now_s, lasts_s = self.clock.monotonic_s(), LONGEST_MS / 1000
        herd = self._herds.get((tenant, live_class))
        if herd is not None and now_s - herd.since_s < lasts_s:
            return herd
        over = [at for at, one in self._herds.items() if now_s - one.since_s >= lasts_s]
        for at in over:
            del self._herds[at]
        return self._herds.setdefault((tenant, live_class), Herd(now_s))


def spread_ms(tenant: str, live_class: str, user: int, window_ms: int) -> int:
    """Somewhere within the window, the same for the same person."""
    name = f"{tenant}:{live_class}:{user}".encode()
    drawn = int.from_bytes(blake2b(name, digest_size=8).digest(), "big")
    return drawn % (window_ms + 1)
