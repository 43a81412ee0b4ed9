"""Holds the state folder and the guardian while the stack runs; stops it at the first signal."""

import asyncio
import signal
from contextlib import suppress

from deploy import state
from deploy.crew import Crew
from deploy.leash import Leash
from deploy.log import Log
from deploy.stack import Options, Stack
from deploy.terminal import Terminal
from services.kit.clock import SystemClock
from services.kit.home import RUN_FILE
from services.kit.settings import Settings

PATIENCE_S = 3.0
"""So long may a process take to stop, beyond the gateway's drain, before it is killed."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def supervise(settings: Settings, options: Options) -> None:
    """Returns when a signal has stopped everything; raises CannotStart or EmbeddedError."""
    clock = SystemClock()
    terminal = Terminal(clock)
    home = settings.home.absolute()
    with state.held(home, clock) as lock:
        run_file = home / RUN_FILE
        run_file.unlink(missing_ok=True)
        stack = Stack(settings, options, terminal)
        stack.check_ports()
        patience_s = PATIENCE_S + settings.drain_s
        log = Log(home, "guardian")
        log.begin()
        leash = Leash(patience_s, run_file, lock, log)
        await leash.fasten()
        try:
            await _run(stack, leash, terminal)
        finally:
            await leash.let_go()
    terminal.say("Everything has stopped.")


async def _run(stack: Stack, leash: Leash, terminal: Terminal) -> None:
    """Keeps the stack running until a signal comes."""
    _cancel_at_signal(terminal)
    try:
        with suppress(asyncio.CancelledError):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(leash.watch(), name="guardian")
                await stack.start(Crew(stack.home, leash, terminal, SystemClock(), tasks))
                await asyncio.Event().wait()
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


def _cancel_at_signal(terminal: Terminal) -> None:
    """Only the first signal counts: the guardian stops everything in bounded time anyway."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if task is not None and not task.cancelling():
            terminal.say("\nStopping ...")
            task.cancel()

    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
