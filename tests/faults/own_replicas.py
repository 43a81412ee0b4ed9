"""PostgreSQL servers of a test's own: one that takes writes, and others that follow it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg

from services.storage import hosts
from services.storage.embedded import Run
from services.storage.postgres import USER, Postgres
from services.storage.secret import path_of, write_private
from services.storage.server import with_database
from tests.faults.own_postgres import Server
from tests.integration.monolith.serving import free_port
from tests.integration.monolith.waiting import until

FOLLOWS_WITHIN_S = 30.0
LOOKS_EVERY_MS = 200
FOLLOWED = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
RECEIVED = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')::bigint"
SETTINGS = f"""
ALTER SYSTEM SET wal_keep_size = '256MB';
ALTER SYSTEM SET wal_retrieve_retry_interval = {LOOKS_EVERY_MS};
"""
SYNCHRONOUS = "ALTER SYSTEM SET synchronous_standby_names = '{}'"
LOSE_SIGHT = "ALTER SYSTEM SET primary_conninfo = ''"
RELOAD = "SELECT pg_reload_conf()"
WRITTEN = "SELECT pg_current_wal_lsn()::text"
APPLIED = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn"
LAG = "ALTER SYSTEM SET recovery_min_apply_delay = '{}'"
ANSWERED = "SELECT xact_commit FROM pg_stat_database WHERE datname = $1"


class Follower(Postgres):
    """Begins as a copy of whichever of `ports` takes writes, and follows that one."""

    def __init__(self, home: Path, port: int, ports: list[int], password: str) -> None:
        kept = path_of(home, USER)
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_private(kept, password)
        self._ports = ports
        super().__init__(home, port)

    def forget(self) -> None:
        """Whatever there was before the copy."""
        shutil.rmtree(self._data)

    async def _make_data(self, programs: Path, run: Run) -> None:
        self._data.mkdir(mode=0o700)
        self._hand_over(self._data)
        copy = (
            "-D",
            str(self._data),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "-N",
            "-d",
            self._primary(),
        )
        made = self._command("pg_basebackup", programs / "pg_basebackup", *copy)
        await run(replace(made, environ={**made.environ, "PGPASSWORD": self._password}))

    def _primary(self) -> str:
        hosts = ",".join(["127.0.0.1"] * len(self._ports))
        ports = ",".join(map(str, self._ports))
        return f"host={hosts} port={ports} user={USER} target_session_attrs=read-write"


class Group:
    """`servers` by their number; `primary` takes writes now, and `url` is its, whichever it is."""

    def __init__(self, home: Path, size: int, synchronous: str) -> None:
        self._synchronous = synchronous
        self._homes = [home / f"server {number}" for number in range(size)]
        self._ports = [free_port() for _ in range(size)]
        for one in self._homes:
            one.mkdir(parents=True)
        first = Postgres(self._homes[0], self._ports[0])
        self._password = first.url.partition(f"{USER}:")[2].partition("@")[0]
        self.servers = [Server(self._homes[0], first)]
        self.primary = 0

    @property
    def url(self) -> str:
        servers = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        at = f"{USER}:{self._password}@{servers}/postgres"
        return f"postgresql://{at}?target_session_attrs=read-write"

    async def start(self) -> None:
        await self.servers[0].start()
        await self.execute(SETTINGS, SYNCHRONOUS.format(self._synchronous), RELOAD)
        for number in range(1, len(self._homes)):
            self.servers.append(Server(self._homes[number], self._follower(number)))
            await self.servers[number].start()
        await self.is_followed(len(self._homes) - 1)

    def url_of(self, number: int, database: str) -> str:
        return with_database(self.servers[number].url, database)

    async def lags(self, number: int, delay: str) -> None:
        """It applies what it receives so much later, from now on."""
        await self._ask(number, LAG.format(delay))
        await self._ask(number, RELOAD)

    async def cut_off(self) -> None:
        """Nobody follows any more, and nobody's write waits for that, now and later."""
        for number in range(len(self.servers)):
            await self._ask(number, SYNCHRONOUS.format(""))
            await self._ask(number, LOSE_SIGHT)
            await self._ask(number, RELOAD)
        await self.is_followed(0)

    async def is_caught_up(self, number: int) -> None:
        """It has applied what there is now."""
        written = await self.execute(WRITTEN)

        async def claim() -> bool:
            return bool(await self._ask(number, APPLIED, str(written)))

        await until(claim, FOLLOWS_WITHIN_S)

    async def answered(self, number: int, database: str) -> int:
        """How many transactions it counts of those whose connections are closed by now."""
        return await self._ask(number, ANSWERED, database)

    async def fail_over(self, delay_s: float) -> int:
        """Kills the primary and promotes that which has received most; gives the dead one."""
        dead, left = self.primary, self._followers()
        await self.servers[dead].kill()
        await asyncio.sleep(delay_s)
        received = {number: await self._ask(number, RECEIVED) for number in left}
        self.primary = max(left, key=lambda number: received[number])
        await self._ask(self.primary, "SELECT pg_promote()")
        return dead

    async def rejoin(self, dead: int) -> None:
        """As a copy made anew."""
        follower = self._follower(dead)
        follower.forget()
        self.servers[dead] = Server(self._homes[dead], follower)
        await self.servers[dead].start()
        await self.is_followed(len(self.servers) - 1)

    async def is_followed(self, by: int) -> None:
        async def claim() -> bool:
            return await self.execute(FOLLOWED) == by

        await until(claim, FOLLOWS_WITHIN_S)

    async def execute(self, *statements: str) -> object:
        """By whichever takes writes; what the last one gives."""
        connection = await hosts.connect(self.url)
        try:
            for statement in statements[:-1]:
                for one in filter(str.strip, statement.split(";")):
                    await connection.execute(one)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    async def stop(self) -> None:
        for server in self.servers:
            await server.forget()

    async def _ask(self, number: int, statement: str, *values: str) -> int:
        connection = await asyncpg.connect(self.servers[number].url)
        try:
            answer: int = await connection.fetchval(statement, *values)
            return answer
        finally:
            await connection.close()

    def _followers(self) -> list[int]:
        return [number for number in range(len(self.servers)) if number != self.primary]

    def _follower(self, number: int) -> Follower:
        return Follower(self._homes[number], self._ports[number], self._ports, self._password)


@asynccontextmanager
async def own_group(home: Path, size: int, synchronous: str = "") -> AsyncIterator[Group]:
    """Of so many servers; the first takes writes, which wait for the `synchronous` ones."""
    group = Group(home, size, synchronous)
    try:
        await group.start()
        yield group
    finally:
        await group.stop()
