"""Systems that a test may kill: the real stores, and a stand-in for the gateway."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.stack import Stack, forget
from tests.stack import stack as run_stack

STAND_IN = Path(__file__).with_name("stand_in.py")

Start = Callable[..., Stack]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    forget(tmp_path / "home")


@pytest.fixture
def procfile(tmp_path: Path) -> Callable[[str], Path]:
    """`procfile("stubborn")` has a gateway of that kind."""

    def write(kind: str = "") -> Path:
        path = tmp_path / f"Procfile.{kind}"
        path.write_text(f"# of a test\n\ngateway: python {STAND_IN} {kind}\n")
        return path

    return write


@pytest.fixture
def start(home: Path, procfile: Callable[[str], Path]) -> Iterator[Start]:
    """Starts a system that does not outlive the test."""
    with ExitStack() as running:

        def start(kind: str = "", **environ: str) -> Stack:
            options = ("--empty", "--procfile", str(procfile(kind)))
            return running.enter_context(run_stack(home, options, **environ))

        yield start
