"""What Redis does in one step for mailboxes.

A signal's place in its mailbox is its number, counted from 1 without holes: how many are missing
is seen from what is left.
"""

from services.live_class.script import Script

# A mailbox's epoch ends with the server that counted in it: whoever takes over may have lost the
# newest, and would give their numbers to others. To ask a server who it is costs as much as all the
# rest, and no server takes over within half a second.
OPENED = """
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

local function opened(facts, signals, mailboxes, user, epoch, lasts_ms)
  local known = redis.call('HMGET', facts, 'epoch', 'server', 'at_ms', 'last')
  local server = known[2]
  if not server or now_ms - tonumber(known[3]) > 500 then
    server = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
    redis.call('SADD', mailboxes, user)
    redis.call('PEXPIRE', mailboxes, lasts_ms)
  end
  local last = tonumber(known[4])
  if server == known[2] then
    epoch = known[1]
  else
    last = 0
    redis.call('DEL', signals)
    redis.call('HSET', facts, 'epoch', epoch, 'server', server, 'last', 0, 'bytes', 0)
  end
  redis.call('HSET', facts, 'at_ms', string.format('%.0f', now_ms))
  redis.call('PEXPIRE', facts, lasts_ms)
  return epoch, last
end
"""

# KEYS: the mailbox' facts and signals, the sender's tokens, what was done by the key, the class's
# mailboxes, and its end. ARGV: a new epoch, whose mailbox it is and how long that lasts; what is
# sent, as a digest and as it is; tokens a second, and saved up; most signals, most bytes; how long
# the key is remembered; and where it is told.
SEND = Script.of(
    OPENED
    + """
if redis.call('EXISTS', KEYS[6]) == 1 then return {'over'} end
local done = redis.call('HMGET', KEYS[4], 'what', 'cursor')
if done[1] then return done[1] == ARGV[4] and {'sent', done[2]} or {'reused'} end

local rate, burst = tonumber(ARGV[6]), tonumber(ARGV[7])
local saved = redis.call('HMGET', KEYS[3], 'left', 'at_ms')
local since_ms = math.max(0, now_ms - (tonumber(saved[2]) or now_ms))
local left = math.min(burst, (tonumber(saved[1]) or burst) + since_ms * rate / 1000)
if left < 1 then return {'slow', math.ceil((1 - left) / rate * 1000)} end
redis.call('HSET', KEYS[3], 'left', string.format('%.3f', left - 1),
  'at_ms', string.format('%.0f', now_ms))
redis.call('PEXPIRE', KEYS[3], math.ceil(burst / rate * 2000))

local epoch, last = opened(KEYS[1], KEYS[2], KEYS[5], ARGV[2], ARGV[1], ARGV[3])
redis.call('XADD', KEYS[2], (last + 1) .. '-0', 'signal', ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local bytes = redis.call('HINCRBY', KEYS[1], 'bytes', #ARGV[5])
while redis.call('XLEN', KEYS[2]) > tonumber(ARGV[8]) or bytes > tonumber(ARGV[9]) do
  local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', KEYS[2], oldest[1])
  bytes = redis.call('HINCRBY', KEYS[1], 'bytes', -#oldest[2][2])
end
redis.call('HSET', KEYS[1], 'last', last + 1)
local cursor = epoch .. '-' .. (last + 1)
redis.call('HSET', KEYS[4], 'what', ARGV[4], 'cursor', cursor)
redis.call('PEXPIRE', KEYS[4], ARGV[10])
redis.call('PUBLISH', ARGV[11], '{}')
return {'sent', cursor}
"""
)

# KEYS: the mailbox' facts and signals, the class's mailboxes, and its end. ARGV: a new epoch, whose
# mailbox it is and how long that lasts; the cursor's epoch and number.
READ = Script.of(
    OPENED
    + """
local is_over = redis.call('EXISTS', KEYS[4])
local epoch, last = '', 0
if is_over == 0 then
  epoch, last = opened(KEYS[1], KEYS[2], KEYS[3], ARGV[2], ARGV[1], ARGV[3])
else
  local known = redis.call('HMGET', KEYS[1], 'epoch', 'last')
  epoch, last = known[1] or '', tonumber(known[2] or 0)
end
local after = epoch == ARGV[4] and tonumber(ARGV[5]) <= last and '(' .. ARGV[5] .. '-0' or '-'
local kept = {}
for nth, one in ipairs(redis.call('XRANGE', KEYS[2], after, '+')) do
  kept[nth] = {string.match(one[1], '%d+'), one[2][2]}
end
return {epoch, last, is_over, kept}
"""
)

# KEYS: the class's end, and its mailboxes. ARGV: how long it is remembered that it is over.
CLOSE = Script.of("""
redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])
local users = redis.call('SMEMBERS', KEYS[2])
redis.call('UNLINK', KEYS[2])
return users
""")
