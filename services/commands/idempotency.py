"""One key, one effect, one reply: claimed and remembered in the command's own transaction."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from services.commands.refusal import Refusal
from services.contracts.errors import KEY_REUSED
from services.contracts.viewer import Viewer
from services.storage.db import Connection

KEPT_HOURS = 24

# Whoever comes second waits here until the first has committed or is gone. A committed row has a
# reply: the one without is our own.
CLAIM = """
INSERT INTO command_keys AS known (tenant_id, actor, key, digest) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, actor, key) DO UPDATE SET key = known.key
RETURNING digest, reply
"""
REMEMBER = """
UPDATE command_keys SET reply = $4 WHERE tenant_id = $1 AND actor = $2 AND key = $3
"""
FORGET = f"DELETE FROM command_keys WHERE at < now() - interval '{KEPT_HOURS} hours'"


@dataclass(frozen=True, slots=True)
class Claim:
    """`digest` is that of everything the command says, so that a key stands for one thing only."""

    actor: Viewer
    key: str
    digest: bytes

    @classmethod
    def of(cls, actor: Viewer, key: str, name: str, command: object) -> "Claim":
        return cls(actor, key, sha256(msgspec.json.encode([name, command])).digest())

    async def stored(self, db: Connection) -> Any | None:
        """The reply given before, None when the key is ours now; raises Refusal(KEY_REUSED)."""
        row = await db.fetchrow(CLAIM, *self._place, self.digest)
        assert row is not None  # noqa: S101 -- an upsert returns its row
        if row["digest"] != self.digest:
            raise Refusal(KEY_REUSED)
        return row["reply"]

    async def remember(self, db: Connection, reply: object) -> None:
        await db.execute(REMEMBER, *self._place, reply)

    @property
    def _place(self) -> tuple[str, str, str]:
        return self.actor.tenant, self.actor.user, self.key


async def forget_old(db: Connection) -> None:
    """Keys nobody sends again; the next command with one of them is a new one."""
    await db.execute(FORGET)
