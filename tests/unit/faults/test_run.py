"""What a run of fault tests does: it keeps figures, shows them, and holds each row's budget."""

import os
import subprocess
import sys
from pathlib import Path

from tests import figures

ROOT = Path(__file__).parents[3]
CONFTEST = """
from dataclasses import replace
from tests.faults import registry
from tests.faults.budget import within_budget
registry.ROWS["C1"] = replace(registry.ROWS["C1"], budget_s=0.2)
"""
QUICK = "def test_c1_quick(figure): figure('C1', upstream_calls=1); figure('C1', callers=10_000)\n"
SLOW = "def test_c1_slow():\n    import time\n    time.sleep(0.3)\n"
OTHER = "def test_other_slow():\n    import time\n    time.sleep(0.3)\n"


def run(folder: Path, tests: str, workers: int = 1) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_rows.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.figures",
        "-p",
        "no:cacheprovider",
    ]
    beside = {"PYTHONPATH": str(ROOT), "PYTEST_XDIST_WORKER_COUNT": str(workers)}
    env = {**os.environ, **beside}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_what_a_test_measured_is_shown_and_kept(tmp_path: Path) -> None:
    done = run(tmp_path, QUICK)

    assert done.returncode == 0, done.stdout
    assert "C1   test_c1_quick: upstream_calls 1, callers 10,000" in done.stdout
    (kept,) = figures.read(tmp_path / figures.FILE)
    assert kept.values == {"upstream_calls": 1, "callers": 10_000}


def test_a_test_over_its_rows_budget_fails(tmp_path: Path) -> None:
    done = run(tmp_path, SLOW)

    assert done.returncode == 1
    assert "its budget is 0.2 s" in done.stdout


def test_workers_side_by_side_have_their_share_of_the_machine(tmp_path: Path) -> None:
    assert run(tmp_path, SLOW, workers=2).returncode == 0


def test_a_test_of_no_row_has_no_budget(tmp_path: Path) -> None:
    assert run(tmp_path, OTHER).returncode == 0
