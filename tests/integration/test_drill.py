"""`banyan drill`, run as its users run it: it passes, and fails where nothing rolls back."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.figures import Recorder
from tests.stack import BANYAN

SHORT = {"BANYAN_ROLLBACK_HOLD_S": "4", "BANYAN_ROLLBACK_STEP_S": "2"}
WITHIN_S = 240.0


def drilled(home: Path, *said: str, **settings: str) -> tuple[int, dict[str, Any], str]:
    """On a system of its own; its exit code, its figures, and its report."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("BANYAN_")}
    report = home / "report.md"
    command = [str(BANYAN), "drill", "rollback", *said, "--report", str(report), "--json"]
    done = subprocess.run(
        [*command, "--learners", "16"],
        env={**kept, "BANYAN_HOME": str(home / "nothing runs here"), **SHORT, **settings},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert report.exists(), done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), report.read_text()


@pytest.mark.timeout(WITHIN_S + 10)
def test_a_rollback_is_rehearsed_and_nothing_is_lost(tmp_path: Path, figure: Recorder) -> None:
    code, told, report = drilled(tmp_path, "progress.read")

    figure("drill", **{name: told[name] for name in ("rolled_back_s", "back_s", "acknowledged")})
    assert code == 0, report
    assert told["losses"] == {"lost": 0, "doubled": 0, "moved": 0}
    assert told["acknowledged"] > 100
    assert "calls failed in" in report
    assert report.index("of the calls to progress fail") < report.index("| rolled back:")


@pytest.mark.timeout(WITHIN_S + 10)
def test_the_drill_fails_where_nothing_rolls_back(tmp_path: Path) -> None:
    code, told, report = drilled(tmp_path, "progress.read", BANYAN_ROLLBACK="no")

    assert code == 1
    assert (told["passed"], told["rolled_back_s"]) == (False, None)
    assert "NOT passed" in report


def test_what_cannot_be_rehearsed_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(BANYAN), "drill", "rollback", "progress.red"],
        env={**os.environ, "BANYAN_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Known: course.read" in done.stderr
