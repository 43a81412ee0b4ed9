"""What Redis does in one step for entries and their leases."""

from collections.abc import Mapping
from hashlib import sha1

PUT = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[4], '')
return 1
"""
RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], '')
return 1
"""
# As MGET, but of huge values their beginnings, and of other kinds of values their refusal.
READ = """
local found = {}
for nth, key in ipairs(KEYS) do
  found[nth] = redis.pcall('GETRANGE', key, 0, ARGV[1])
end
return found
"""


def digest(script: str) -> str:
    """Its name in Redis."""
    return sha1(script.encode(), usedforsecurity=False).hexdigest()


TEXTS: Mapping[str, str] = {digest(script): script for script in (PUT, RELEASE, READ)}
