"""The Open University's data, imported into the running system once a test run."""

import subprocess
from pathlib import Path

import pytest

from tests.stack import BANYAN, Stack, environ

DATA = Path(__file__).parents[2] / "shared" / "data"
TENANT = "oulad"
IMPORT_WITHIN_S = 240.0
NOBODYS_PORT = 9

NEEDS_OULAD = [
    pytest.mark.skipif(
        not (DATA / "oulad_course.csv.gz").exists(), reason=f"OULAD is not in {DATA}"
    ),
    pytest.mark.usefixtures("oulad"),
]
"""The `pytestmark` of a file that asks about it."""


@pytest.fixture(scope="session")
def oulad(stack: Stack) -> None:
    """`banyan import oulad`, as anybody would."""
    done = subprocess.run(
        [str(BANYAN), "import", "oulad", str(DATA)],
        env=environ(stack.home, NOBODYS_PORT),
        capture_output=True,
        text=True,
        timeout=IMPORT_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
