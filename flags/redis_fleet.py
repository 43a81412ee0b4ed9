"""What all gateway processes know together, in Redis: of a cluster, in one of its slots."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar, cast

import msgspec
from redis.exceptions import RedisError

from flags.fleet import MOST_INCIDENTS, Away, Shared, in_order
from flags.health import LONG_S, SHORT_S, Counts
from flags.rollback import State
from services.contracts.status import Incident
from services.kit.redis import AnyRedis

T = TypeVar("T")
ANSWER_S = 0.3
# What stands in braces decides the slot.
HEALTH = "health:{capabilities}"
STATES = "rollback:{capabilities}"
INCIDENTS = "incidents:{capabilities}"
LAST_S = 90 * 86_400

# Seconds are of Redis' own clock, as those of our processes differ.
EXCHANGE = """
local time = redis.call('TIME')
local second = tonumber(time[1])
local short_s, long_s, kinds = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local since = cjson.decode(ARGV[4])
local function tell(field, told)
  local kept = redis.call('HGET', KEYS[1], field)
  local sum = kept and cmsgpack.unpack(kept) or {}
  for nth, one in ipairs(told) do sum[nth] = (sum[nth] or 0) + one end
  redis.call('HSET', KEYS[1], field, cmsgpack.pack(sum))
end
for name, told in pairs(cjson.decode(ARGV[5])) do
  tell(name .. '@' .. time[1], told)
  tell(name .. '@total', told)
  redis.call('EXPIRE', KEYS[1], ARGV[6])
end
local short, long, total = {}, {}, {}
local function add(sums, name, kept)
  sums[name] = sums[name] or {}
  for nth = 1, kinds do sums[name][nth] = (sums[name][nth] or 0) + kept[nth] end
end
local all = redis.call('HGETALL', KEYS[1])
for nth = 1, #all, 2 do
  local name, at = string.match(all[nth], '^(.*)@(.*)$')
  at = tonumber(at)
  if not at then
    total[name] = cmsgpack.unpack(all[nth + 1])
  elseif at <= second - long_s then
    redis.call('HDEL', KEYS[1], all[nth])
  elseif at >= (since[name] or 0) then
    local kept = cmsgpack.unpack(all[nth + 1])
    add(long, name, kept)
    if at > second - short_s then add(short, name, kept) end
  end
end
local now = time[1] .. '.' .. string.format('%06d', tonumber(time[2]))
local sums = {cjson.encode(short), cjson.encode(long), cjson.encode(total)}
return {now, sums, redis.call('HGETALL', KEYS[2])}
"""
CHANGE = """
local held = redis.call('HGET', KEYS[1], ARGV[1])
local is_ours, state = pcall(cjson.decode, held or '')
local turn = is_ours and type(state) == 'table' and state.turn or -1
if turn ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
SUMS = msgspec.json.Decoder(dict[str, Counts])


class RedisFleet:
    def __init__(self, redis: AnyRedis, answer_s: float = ANSWER_S) -> None:
        self._redis = redis
        self._answer_s = answer_s

    async def exchange(self, told: Mapping[str, Counts], since: Mapping[str, float]) -> Shared:
        said = [str(SHORT_S), str(LONG_S), str(len(Counts()))]
        said += [msgspec.json.encode(one).decode() for one in (since, told)]
        said.append(str(LAST_S))
        now, sums, states = await self._asked(self._redis.eval(EXCHANGE, 2, HEALTH, STATES, *said))
        return _shared(float(now), sums, states)

    async def change(self, capability: str, old: State | None, new: State) -> bool:
        turn = -1 if old is None else old.turn
        text = msgspec.json.encode(new).decode()
        said = [capability, str(turn), text, str(LAST_S)]
        return bool(await self._asked(self._redis.eval(CHANGE, 1, STATES, *said)))

    async def record(self, incident: Incident) -> None:
        text = msgspec.json.encode(incident)
        await self._asked(self._redis.hset(INCIDENTS, incident.id, cast(str, text)))
        for old in (await self._incidents())[MOST_INCIDENTS:]:
            await self._asked(self._redis.hdel(INCIDENTS, old.id))

    async def latest(self, most: int) -> list[Incident]:
        return (await self._incidents())[:most]

    async def _incidents(self) -> list[Incident]:
        texts = await self._asked(self._redis.hvals(INCIDENTS))
        read = (_read(text, Incident) for text in texts)
        return in_order(one for one in read if one is not None)

    async def _asked(self, asking: Awaitable[Any] | Any) -> Any:
        try:
            async with asyncio.timeout(self._answer_s):
                return await asking
        except (RedisError, OSError, TimeoutError) as away:
            raise Away(str(away) or type(away).__name__) from away


def _shared(now_s: float, sums: list[bytes], states: list[bytes]) -> Shared:
    """Raises Away where the sums are not ours."""
    kept = zip(states[::2], states[1::2], strict=True)
    read = {name.decode(): _read(text, State) for name, text in kept}
    known = {name: state for name, state in read.items() if state is not None}
    try:
        short, long, total = map(SUMS.decode, sums)
    except msgspec.MsgspecError as wrong:
        raise Away(str(wrong)) from wrong
    return Shared(now_s, short, long, total, known)


def _read(text: bytes, form: type[T]) -> T | None:
    """None where it is not ours: then it is as if there was none."""
    try:
        return msgspec.json.decode(text, type=form)
    except msgspec.MsgspecError:
        return None
