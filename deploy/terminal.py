"""What the supervisor says: steps with their times; plain lines when nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.text import Text

from services.kit.clock import Clock


class Terminal:
    def __init__(self, clock: Clock, console: Console | None = None) -> None:
        self._clock = clock
        self._console = console or Console()

    def say(self, line: str = "", style: str = "") -> None:
        """One line as it is: nothing in it is markup, nothing is wrapped."""
        self._console.print(Text(line, style=style), soft_wrap=True)

    @contextmanager
    def step(self, doing: str, done: str, spins: bool = True) -> Iterator[None]:
        """Shows what is being done and, once it is, how long it took.

        It must not spin while another process writes to the same terminal.
        """
        began = self._clock.monotonic_s()
        if not spins:
            self.say(f"{doing} ...")
        waiting = self._console.status(Text(f"{doing} ...")) if spins else nullcontext()
        with waiting:
            yield
        self.say(f"{done} ({self._clock.monotonic_s() - began:.1f} s)", style="green")
