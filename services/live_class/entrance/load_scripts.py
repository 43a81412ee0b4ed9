"""What Redis does in one step for the loads of regions."""

from services.live_class.script import Script

NOW = """
local time = redis.call('TIME')
local now = tonumber(time[1])
"""
# KEYS: who was sent there, and who is relayed. ARGV: who; how long that counts.
SENT = Script.of(
    NOW
    + """
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2] * 2)
return 1
"""
)
# KEYS: as SENT, what was heard of the region, and that of them something was. ARGV: who; whether
# they are relayed; how long that counts; how seldom they count; the class of their round trip, and
# hundredths of a per cent that they lose.
HEARD = Script.of(
    NOW
    + """
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[2] == '1' then
  redis.call('ZADD', KEYS[2], now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[3] * 2)
else
  redis.call('ZREM', KEYS[2], ARGV[1])
end
if not redis.call('SET', KEYS[4], 1, 'NX', 'EX', ARGV[4]) then return 0 end
local minute = math.floor(now / 60)
redis.call('HINCRBY', KEYS[3], minute .. ':' .. ARGV[5], 1)
redis.call('HINCRBY', KEYS[3], minute .. ':loss', ARGV[6])
for _, field in ipairs(redis.call('HKEYS', KEYS[3])) do
  if tonumber(string.match(field, '%d+')) < minute - 1 then redis.call('HDEL', KEYS[3], field) end
end
redis.call('EXPIRE', KEYS[3], 180)
return 1
"""
)
# KEYS: as HEARD, but for the last. ARGV: how long those count who were sent, and who are relayed.
LOOK = Script.of(
    NOW
    + """
local sent = redis.call('ZCOUNT', KEYS[1], now - ARGV[1], '+inf')
local relayed = redis.call('ZCOUNT', KEYS[2], now - ARGV[2], '+inf')
return {time[1], sent + relayed, redis.call('HGETALL', KEYS[3])}
"""
)
