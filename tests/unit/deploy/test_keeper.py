"""How long a process that died is left alone, and how its end is told."""

from itertools import accumulate, repeat
from pathlib import Path

import pytest

from deploy.keeper import FIRST_WAIT_S, ending, longer
from deploy.log import Log


def test_the_wait_doubles_up_to_five_seconds() -> None:
    waits = accumulate(repeat(None, 6), lambda wait_s, _: longer(wait_s), initial=FIRST_WAIT_S)

    assert list(waits) == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


@pytest.mark.parametrize(
    ("code", "told"), [(3, "ended with code 3"), (-9, "was killed by signal 9")]
)
def test_an_exit_code_is_told_in_words(code: int, told: str) -> None:
    assert ending(code) == told


@pytest.fixture
def log(tmp_path: Path) -> Log:
    (tmp_path / "logs").mkdir()
    return Log(tmp_path, "web")


def test_the_end_of_a_log_is_its_last_lines_that_say_something(log: Log) -> None:
    log.path.write_text("one\ntwo\n\nthree\n\n")

    assert log.end(lines=2) == "    two\n    three"


def test_the_end_of_a_long_log_is_read_without_the_rest(log: Log) -> None:
    log.path.write_bytes(b"x" * 100_000 + "\nlast \N{SNOWMAN}\n".encode())

    assert log.end(lines=1) == "    last \N{SNOWMAN}"


def test_an_empty_or_missing_log_is_said_to_be_empty(log: Log) -> None:
    assert log.end() == "    (it is empty)"


def test_the_log_of_the_run_before_stays_beside_the_new_one(log: Log) -> None:
    log.path.write_text("before\n")

    log.begin()

    assert log.path.read_text() == ""
    assert log.path.with_name("web.log.1").read_text() == "before\n"
