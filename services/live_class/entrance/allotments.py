"""Which region somebody has in which class: for so long, and for so many classes at once.

One person's lie in one slot of a cluster. Whoever repeats a join has what they had.
"""

from collections.abc import Collection
from dataclasses import dataclass

from services.live_class.aside import Aside
from services.live_class.script import Script

# KEYS: the ends of a person's allotments, and what they are. ARGV: the class; what region was asked
# for, and which would be given; for how long; how many at once; and all regions that there are.
TAKE = Script.of("""
local time = redis.call('TIME')
local now = tonumber(time[1])
for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], over)
  redis.call('HDEL', KEYS[2], over .. ':asked', over .. ':region')
end
local held = redis.call('HMGET', KEYS[2], ARGV[1] .. ':asked', ARGV[1] .. ':region')
local region = ARGV[3]
if not held[1] and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[5]) then return {'', ''} end
for nth = 6, #ARGV do
  if held[1] == ARGV[2] and held[2] == ARGV[nth] then region = held[2] end
end
redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1] .. ':asked', ARGV[2], ARGV[1] .. ':region', region)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return {region, held[2] or ''}
""")
GIVE_BACK = Script.of("""
local region = redis.call('HGET', KEYS[2], ARGV[1] .. ':region')
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1] .. ':asked', ARGV[1] .. ':region')
return region
""")


@dataclass(frozen=True, slots=True)
class Taken:
    """`before` is the region that they had in this class; "" where none."""

    region: str
    before: str = ""

    @property
    def is_new(self) -> bool:
        return self.region != self.before


@dataclass(frozen=True, slots=True)
class Allotments:
    """Without Redis nobody is counted, and everybody is given what they would be."""

    aside: Aside
    ttl_s: int
    most: int
    """Classes at once of one person."""

    async def take(
        self,
        whose: tuple[str, int],
        live_class: str,
        asked: str,
        offered: str,
        regions: Collection[str],
    ) -> Taken | None:
        """None where the person has too many already; else what they had, if it is the same."""
        if self.aside.rests:
            return Taken(offered)
        limits = (self.ttl_s, self.most)
        told = await self.aside.ask(
            TAKE.run(self.aside.redis, _keys(whose), live_class, asked, offered, *limits, *regions)
        )
        if told is None:
            return Taken(offered)
        region, before = (str(one, "utf-8") for one in told)
        return Taken(region, before) if region else None

    async def give_back(self, whose: tuple[str, int], live_class: str) -> str | None:
        """The region that it was in."""
        if self.aside.rests:
            return None
        told = await self.aside.ask(GIVE_BACK.run(self.aside.redis, _keys(whose), live_class))
        return str(told, "utf-8") if told else None


def _keys(whose: tuple[str, int]) -> list[str]:
    tenant, user = whose
    return [f"turn:{{{tenant}.{user}}}:{kind}" for kind in ("ends", "held")]
