"""What a request brings about behind the gateway, by the logs of those who are asked."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.stack import Stack

ASKED = ("monolith", "assessment", "progress", "live_class")
CALL = re.compile(r'"([A-Z]+) (\S+) HTTP/1.1" \d+')
OWN_CALLS = re.compile(r"/(health|events|how-far|login)")
ENTRY = re.compile(r"(?ms)^(\S+) \[(\d+)\] (LOG|DETAIL):  (.*?)(?=^\S+ \[\d+\] |\Z)")
EXECUTED = re.compile(r"execute [^:]*: (.*)", re.DOTALL)
NUMBERS = re.compile(r"\d+")
PAGES = re.compile(r"GET /(attempts/N-N-N|assessments/N(/attempts)?)$")
"""Asked for side by side: what is refused first calls the other off."""
NOTE = ("log_statement = 'all'", "log_line_prefix = '%d [%p] '")
TRIES = 3


@dataclass(frozen=True, slots=True)
class Causes:
    """`calls` that services and monolith were asked, `statements` that ran for the tenant."""

    calls: Counter[str]
    statements: Counter[str]

    def __and__(self, other: "Causes") -> "Causes":
        """Without what the duties of the services did meanwhile."""
        return Causes(self.calls & other.calls, self.statements & other.statements)

    @property
    def of_services(self) -> "Causes":
        """The monolith's own statements are not ours to choose (EXISTENCE_LEAKS)."""
        ours = {text: n for text, n in self.statements.items() if "banyan_monolith" not in text}
        return Causes(self.calls, Counter(ours))


@dataclass(frozen=True, slots=True)
class Watch:
    """Watches what is done for one tenant."""

    stack: Stack
    tenant: str

    @asynccontextmanager
    async def noted(self) -> AsyncIterator[None]:
        """Inside, PostgreSQL says each statement in its log."""
        await self._alter(*(f"SET {setting}" for setting in NOTE))
        try:
            yield
        finally:
            await self._alter(*(f"RESET {setting.split()[0]}" for setting in NOTE))

    async def _alter(self, *changes: str) -> None:
        connection = await asyncpg.connect(self.stack.database)
        for change in changes:
            await connection.execute(f"ALTER SYSTEM {change}")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()

    async def of(self, ask: Callable[[], Awaitable[object]]) -> Causes:
        """What is common to several tries of one request."""
        found = await self._once(ask)
        for _ in range(TRIES - 1):
            found = found & await self._once(ask)
        return found

    async def _once(self, ask: Callable[[], Awaitable[object]]) -> Causes:
        before = {name: self._log(name).stat().st_size for name in (*ASKED, "postgres")}
        await ask()
        calls = [call for name in ASKED for call in self._calls(name, before[name])]
        pages = {"monolith: pages of an attempt" for call in calls if PAGES.search(call)}
        others = [call for call in calls if not PAGES.search(call)]
        return Causes(Counter([*others, *pages]), Counter(self._statements(before["postgres"])))

    def _log(self, name: str) -> Path:
        return self.stack.home / "logs" / f"{name}.log"

    def _since(self, name: str, position: int) -> str:
        with self._log(name).open("rb") as file:
            file.seek(position)
            return file.read().decode(errors="replace")

    def _calls(self, name: str, position: int) -> Iterator[str]:
        for method, path in CALL.findall(self._since(name, position)):
            if not OWN_CALLS.match(path):
                yield f"{name}: {method} {NUMBERS.sub('N', path)}"

    def _statements(self, position: int) -> Iterator[str]:
        """Those with the tenant's name among their parameters, which a second entry tells."""
        said: dict[str, str] = {}
        for database, process, kind, text in ENTRY.findall(self._since("postgres", position)):
            executed = EXECUTED.match(text)
            if kind == "LOG":
                said[process] = executed[1] if executed else ""
            elif f"'{self.tenant}'" in text and said.get(process):
                yield f"{database}: {' '.join(said[process].split())}"
