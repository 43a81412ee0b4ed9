"""Tokens of all gateway processes, in Redis: each tenant's in one slot of a cluster."""

from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from gateway.admission.rate_limit import BURST_S, Away, Key, Take
from services.kit.redis import AnyRedis

# By Redis' own clock, as those of our processes differ.
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local given = {}
for nth = 1, #KEYS do
  local rate, burst = tonumber(ARGV[3 * nth - 2]), tonumber(ARGV[3 * nth - 1])
  local wanted = tonumber(ARGV[3 * nth])
  local kept = redis.call('HMGET', KEYS[nth], 'left', 'at')
  local since = math.max(0, now - (tonumber(kept[2]) or now))
  local left = math.min(burst, (tonumber(kept[1]) or burst) + since * rate)
  local gets = math.max(0, math.min(wanted, left))
  redis.call('HSET', KEYS[nth], 'left', string.format('%.3f', left - gets))
  redis.call('HSET', KEYS[nth], 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', KEYS[nth], math.ceil(burst / rate * 2000))
  given[nth] = string.format('%.3f', gets)
end
return given
"""


@dataclass(frozen=True, slots=True)
class RedisTokens:
    redis: AnyRedis

    async def take(self, tenant: str, takes: list[Take]) -> list[float]:
        keys = [_key(take.key) for take in takes]
        said = [str(one) for take in takes for one in (take.rate, take.rate * BURST_S, take.wanted)]
        try:
            given: Any = await self.redis.eval(TAKE, len(keys), *keys, *said)
        except (RedisError, OSError) as away:
            raise Away(type(away).__name__) from away
        return [float(one) for one in given]


def _key(key: Key) -> str:
    """What stands in braces decides the slot."""
    whose = "" if key.user is None else f":{key.user}"
    return f"rate:{{{key.tenant}}}{whose}"
