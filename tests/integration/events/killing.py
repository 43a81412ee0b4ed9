"""Real processes of the small service, killed (SIGKILL) again and again while they work."""

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable, Mapping

from services.events.role import Role
from tests.integration.events import program
from tests.integration.monolith.waiting import until

# Each is forked from one process that has imported everything: importing takes a second. pytest
# is the main program, which every child looks at once more.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", program.__name__])

Progress = Callable[[], Awaitable[int]]


async def kill_again_and_again(
    role: Role, environ: Mapping[str, str], progress: Progress, times: int
) -> None:
    """Each of them gets as far as some progress."""
    for _ in range(times):
        before = await progress()
        process = PROCESSES.Process(
            target=program.start, args=(dict(environ), frozenset({role})), daemon=True
        )
        # Not in our own thread: writers in a transaction would hold their locks meanwhile.
        await asyncio.to_thread(process.start)
        try:
            await until(_more_than(before, progress))
            assert process.exitcode is None
        finally:
            process.kill()
            await asyncio.to_thread(process.join)


def _more_than(before: int, progress: Progress) -> Callable[[], Awaitable[bool]]:
    async def has_moved() -> bool:
        return await progress() > before

    return has_moved
