"""What an operation costs inside the process, part by part: compiled, and by graphql-core."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import msgspec
from graphql import ExecutionResult
from graphql.execution.values import VariableValues

from bench.rivals.apps import WHO, context, engine_of
from bench.rivals.asked import DIFFERENT, variables
from gateway.errors import payload
from gateway.execution import choice
from gateway.execution.choice import Execute
from gateway.execution.operation import Operation
from gateway.operation.ask import Ask
from resolvers.sight import Sight

EXECUTORS: dict[str, Execute] = {"compiled": choice.compiled, "graphql-core": choice.interpreted}
STRETCHES, MOST_BATCH, BATCH_S = 5, 50, 0.005


@dataclass(frozen=True, slots=True)
class Inside:
    """CPU µs of an operation by its parts; `read` is all before it is executed."""

    us: dict[str, float]

    @property
    def whole_us(self) -> float:
        return self.us["read"] + self.us["execute"] + self.us["encode"]


class Inner:
    """One executor with one document, and variables that differ."""

    def __init__(self, execute: Execute, document: str, take: int) -> None:
        self._engine = engine_of(execute)
        self._asks = [Ask(document, variables(n, take)) for n in range(DIFFERENT)]

    async def measure(self, least_s: float) -> Inside:
        """Each part for at least so long."""
        operation = await self._engine.read(self._asks[0], WHO)
        result = await self._run(operation)
        if result.errors:
            raise result.errors[0]
        return Inside(
            {
                "read": await _us(self._read, self._asks, least_s),
                "variables": await _us(self._coerce, self._asks, least_s),
                "lookup": await _us(self._find, [operation.variables] * MOST_BATCH, least_s),
                "execute": await _us(self._run, await self._operations(), least_s),
                "encode": await _us(self._encode, [result] * MOST_BATCH, least_s),
            }
        )

    async def _operations(self) -> list[Operation]:
        return [await self._engine.read(ask, WHO) for ask in self._asks]

    async def _read(self, ask: Ask) -> None:
        await self._engine.read(ask, WHO)

    async def _coerce(self, ask: Ask) -> None:
        documents = self._engine.documents
        documents.variables(documents.read(ask.query or "").operation(None), ask.variables)

    async def _find(self, coerced: VariableValues) -> None:
        document = self._engine.documents.read(self._asks[0].query or "")
        document.operation(None).programs.find(coerced)

    async def _run(self, operation: Operation) -> ExecutionResult:
        ctx = context(WHO, None, Sight())
        return await self._engine.execute(self._engine.schema, operation, ctx, None)

    async def _encode(self, result: ExecutionResult) -> None:
        msgspec.json.encode(payload(result, "0", str))


async def _us(work: Callable[[Any], Awaitable[object]], given: list[Any], least_s: float) -> float:
    """CPU of one call: the median of five stretches."""
    batch = await _batch(work, given)
    stretches = []
    for _ in range(STRETCHES):
        calls, began, ends = 0, time.process_time(), time.process_time() + least_s / STRETCHES
        while time.process_time() < ends:
            for one in batch:
                await work(one)
            calls += len(batch)
        stretches.append((time.process_time() - began) * 1e6 / calls)
    return median(stretches)


async def _batch(work: Callable[[Any], Awaitable[object]], given: list[Any]) -> list[Any]:
    """So many that looking at the clock between them costs nothing, and a stretch is kept to."""
    began = time.process_time()
    await work(given[0])
    took_s = time.process_time() - began
    return given[: max(1, min(MOST_BATCH, int(BATCH_S / max(took_s, 1e-6))))]
