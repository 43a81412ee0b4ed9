"""The Procfile: a name and a command a line."""

import sys
from pathlib import Path

import pytest

from deploy.cli import PROCFILE
from deploy.errors import BadProcfile
from deploy.procfile import Process, read


def test_python_is_the_one_that_runs_the_supervisor(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text("# what runs\n\nweb: python -m web 'two words'\ntail: tail -f /dev/null\n")

    assert read(path) == [
        Process("web", (sys.executable, "-m", "web", "two words")),
        Process("tail", ("tail", "-f", "/dev/null")),
    ]


@pytest.mark.parametrize("line", ["web", "web:", "two words: python", "../x: python"])
def test_any_other_line_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "Procfile"
    path.write_text(line)

    with pytest.raises(BadProcfile, match="is not of the form"):
        read(path)


def test_the_product_runs_both_sides_and_a_gateway() -> None:
    assert [process.name for process in read(PROCFILE)] == [
        "monolith",
        "feeder",
        "progress",
        "live_class",
        "assessment",
        "gateway",
    ]
