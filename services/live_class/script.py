"""Several commands to Redis as one step, sent by its digest and with its text when that is news."""

from dataclasses import dataclass
from hashlib import sha1
from typing import Any, Self

from redis.exceptions import NoScriptError

from services.kit.redis import AnyRedis


@dataclass(frozen=True, slots=True)
class Script:
    """All `keys` of one call lie in one slot of a cluster: they share what stands in braces."""

    text: str
    digest: str

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(text, sha1(text.encode(), usedforsecurity=False).hexdigest())

    async def run(self, redis: AnyRedis, keys: list[str], *said: str | bytes | int) -> Any:
        """Raises RedisError or OSError."""
        told: list[Any] = [*keys, *said]
        try:
            return await redis.evalsha(self.digest, len(keys), *told)
        except NoScriptError:
            return await redis.eval(self.text, len(keys), *told)
