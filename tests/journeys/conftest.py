"""A running system in which what carries events is apart from what answers: it can stop alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack, forget
from tests.stack import stack as run_stack

PROCFILE = """
monolith: python -m legacy.monolith
feeder: python -m legacy.feeder --only api --only relay
mirror: python -m legacy.feeder --only projector
progress: python -m services.progress --only api --only relay
projector: python -m services.progress --only projector
live_class: python -m services.live_class
assessment: python -m services.assessment
gateway: python -m gateway.main
"""


@pytest.fixture(scope="session")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Two gateway processes, and nobody's tenants."""
    home: Path = tmp_path_factory.mktemp("apart") / "home"
    procfile = home.with_name("Procfile")
    procfile.write_text(PROCFILE)
    try:
        options = ("--empty", "--procfile", str(procfile))
        with run_stack(home, options, BANYAN_REQUEST_BUDGET_MS="5000") as running:
            yield running
    finally:
        forget(home)
