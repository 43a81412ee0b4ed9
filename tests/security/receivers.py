"""What the receivers of texts have: databases, Redis, logs; and what of it should not be there."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import redis.asyncio as redis

from legacy.monolith.settings import with_database
from tests.security.payloads import FORGED, MARK, PAYLOADS
from tests.stack import Stack

DATABASES = ("monolith", "assessment", "progress", "live_class")
TABLES = """
SELECT table_name, string_agg(column_name || ' ' || data_type, ',' ORDER BY ordinal_position)
FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name
"""
WITH_TENANT = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'tenant_id'
"""
STILL_WORKED_ON = {"regrades"}
PROCESSES = ("monolith", "feeder", "assessment", "progress", "live_class", "gateway.*")
PLAIN_LINE = re.compile(
    r"(INFO: +)?(127\.0\.0\.1:\d+ - \"[A-Z]+ [!-~]+ HTTP/1\.1\" \d{3}( [A-Za-z ]+)?)"
    r"|INFO: +(Started|Waiting|Application|Uvicorn|Shutting|Finished|connection)[ -~]*"
)
_LABEL = r"[A-Za-z0-9@_][A-Za-z0-9@_ .,:;()/+~#=-]{0,63}"
_CLASS = r"[a-z0-9-]+:[ls]\d+"
_IN_CLASS = (
    rf"pin:live_class\.control:{_CLASS}:all"
    rf"|signals:\{{{_CLASS}\}}:((facts|signals|rate):\d+|done:\d+:[0-9a-f]{{64}}|mailboxes:|over:)"
    rf"|banyan:live_class:(dirty|beats:{_CLASS})|slot:\{{{_CLASS}\}}:(next|held)"
    r"|turn:\{[a-z0-9-]+\}:(sent|relayed|heard|lately:[a-z0-9.:-]+)"
    r"|turn:\{[a-z0-9-]+\.\d+\}:(ends|held)"
)
KEY = re.compile(
    rf"(usage:\d{{4}}-\d\d-\d\d(:{_LABEL}\|({_LABEL})?)?"
    r"|document:[0-9a-f]{64}|session(-seen)?:[0-9a-f]{64}|signed-out[:a-z-]*"
    r"|cache(-lease)?:\{[0-9a-f]{40}\}|banyan:changes|shadow(-samples)?:[a-z_.]+"
    r"|(health|rollback|incidents):\{capabilities\}"
    r"|attempt-copy:[a-z0-9-]+:\d+:\d+-\d+-p?\d+"
    rf"|{_IN_CLASS}"
    r"|pin:[a-z.]+:[a-z0-9-]+:\d+:\d+|writes:[a-z_:]+/[a-z0-9-]+/[0-9/-]+)"
)


@dataclass(frozen=True, slots=True)
class Receivers:
    stack: Stack

    async def tables(self) -> dict[str, dict[str, str]]:
        """Every table with its columns, by database."""
        found = {}
        for name in DATABASES:
            async with self._database(name) as db:
                found[name] = {row[0]: row[1] for row in await db.fetch(TABLES)}
        return found

    async def rows(self, tenant: str) -> dict[str, list[str]]:
        """Every row of a tenant as JSON, by database and table."""
        found = {}
        for name in DATABASES:
            async with self._database(name) as db:
                for (table,) in await db.fetch(WITH_TENANT):
                    if table in STILL_WORKED_ON:
                        continue
                    asked = f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE tenant_id = $1"
                    rows = await db.fetch(asked, tenant)
                    found[f"{name}.{table}"] = sorted(row[0] for row in rows)
        return found

    async def foreign_keys(self) -> list[str]:
        """Keys in Redis that none of our code makes."""
        client = redis.from_url(self.stack.redis, decode_responses=True)
        keys = [key async for key in client.scan_iter(count=1_000)]
        await client.aclose()
        return [key for key in keys if not KEY.fullmatch(key)]

    def sizes(self) -> dict[str, int]:
        return {file.name: file.stat().st_size for file in self._logs()}

    def odd_lines(self, since: dict[str, int]) -> list[str]:
        """Lines that are neither one record nor one request, and records that nobody wrote."""
        return [
            f"{file.name}: {line[:200]}"
            for file in self._logs()
            for line in _text(file, since.get(file.name, 0)).splitlines()
            if is_odd(line)
        ]

    def paths(self, since: dict[str, int]) -> list[str]:
        """What the monolith was asked with a text of ours in it."""
        lines = _text(self.stack.home / "logs" / "monolith.log", since["monolith.log"]).splitlines()
        return [line for line in lines if MARK in line]

    def _logs(self) -> list[Any]:
        folder = self.stack.home / "logs"
        return sorted(file for name in PROCESSES for file in folder.glob(f"{name}.log"))

    @asynccontextmanager
    async def _database(self, name: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
        db = await asyncpg.connect(with_database(self.stack.database, f"banyan_{name}"))
        try:
            yield db
        finally:
            await db.close()


def kept_texts(rows: dict[str, list[str]]) -> set[str]:
    """The texts of ours that are kept to the letter."""
    kept = {text for table in rows.values() for row in table for text in _texts(json.loads(row))}
    return kept & set(PAYLOADS.values())


def changed_texts(rows: dict[str, list[str]]) -> list[str]:
    """What is kept of texts of ours that is not, to the letter, what was sent."""
    kept = (text for table in rows.values() for row in table for text in _texts(json.loads(row)))
    sent = set(PAYLOADS.values()) | {text.strip() for text in PAYLOADS.values()}
    return [text for text in kept if MARK in text and text not in sent]


def _texts(value: Any) -> Iterator[str]:
    """Also those inside a text that is JSON itself."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        try:
            inner = json.loads(value) if value.startswith(("{", "[")) else None
        except ValueError:
            inner = None
        if isinstance(inner, dict | list):
            yield from _texts(inner)
        else:
            yield value


def is_odd(line: str) -> bool:
    if PLAIN_LINE.fullmatch(line):
        return False
    try:
        record = json.loads(line)
    except ValueError:
        return True
    return not isinstance(record, dict) or record.get("event") == FORGED


def _text(file: Any, since: int) -> str:
    with file.open("rb") as opened:
        opened.seek(since)
        return str(opened.read().decode(errors="replace"))
