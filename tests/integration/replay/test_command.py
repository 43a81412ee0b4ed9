"""`banyan replay`: what it ends with and leaves behind, and that it goes on where it stopped."""

import signal
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path

import psutil
import pytest

from bench.archive import archive
from tests.integration.replay.running import WITHIN_S, banyan, command, report
from tests.oulad import DATA

ATTEMPTS = 6_000
REAL = DATA / "credential_form1_long.csv.gz"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some blocks of attempts."""
    path = tmp_path_factory.mktemp("made") / "archive.jsonl"
    path.write_bytes(b"".join(archive(ATTEMPTS)))
    return path


@pytest.fixture(scope="module")
def whole(made: Path) -> Path:
    """The report of a replay that nothing stopped."""
    done = banyan("replay", made, "--out", made.with_name("whole"))
    assert done.returncode == 0, done.stdout + done.stderr
    return made.with_name("whole")


def test_a_replay_that_finds_every_difference_explained_ends_with_0(whole: Path) -> None:
    said = report(whole)

    assert said["agrees"]
    assert said["attempts"] >= ATTEMPTS
    assert sum(said["classes"].values()) == said["attempts"]


def test_a_score_that_nothing_explains_ends_with_1(made: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_bytes(made.read_bytes().replace(b'"score":7.0,', b'"score":7.01,', 1))

    done = banyan("replay", wrong, "--out", tmp_path / "report")

    assert done.returncode == 1, done.stderr
    assert report(tmp_path / "report")["unexplained"] in {1, 2}
    assert "unexplained" in done.stdout


def test_an_archive_that_cannot_be_read_ends_with_2_and_its_line(
    made: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(made.read_bytes()[:-100])

    done = banyan("replay", cut, "--out", tmp_path / "report")

    assert done.returncode == 2
    lines = made.read_bytes().count(b"\n")
    assert f"Error: Line {lines:,} cannot be read" in done.stderr
    assert not (tmp_path / "report" / "report.json").exists()


def test_a_replay_that_was_killed_goes_on_and_comes_to_the_same(
    made: Path, whole: Path, tmp_path: Path
) -> None:
    words = command("replay", made, "--out", tmp_path, "--workers", 2)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_for(tmp_path / "journal.json")
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
    assert not (tmp_path / "report.json").exists()
    _, left = psutil.wait_procs(workers, timeout=10)

    done = banyan(*words[1:])

    assert left == []
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.json").read_bytes() == (whole / "report.json").read_bytes()
    assert not (tmp_path / "journal.json").exists()


def wait_for(path: Path) -> None:
    until = time.monotonic() + WITHIN_S
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_one_process_comes_to_the_same_as_two(made: Path, whole: Path, tmp_path: Path) -> None:
    banyan("replay", made, "--out", tmp_path, "--workers", 1)

    assert (tmp_path / "report.json").read_bytes() == (whole / "report.json").read_bytes()


def test_nobody_else_can_read_a_report(whole: Path) -> None:
    assert {path.name: path.stat().st_mode & 0o777 for path in whole.iterdir()} == {
        "report.html": 0o600,
        "report.json": 0o600,
    }


class Tags(HTMLParser):
    """Which are open; a wrong end fails."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name in ("src", "href") for name, _ in attrs), "It needs nothing beside it."
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_beside_it(whole: Path) -> None:
    tags = Tags()
    tags.feed((whole / "report.html").read_text())

    assert tags.open == []
    assert {"svg", "rect", "table", "style"} <= tags.seen
    assert f"{report(whole)['attempts']:,}" in (whole / "report.html").read_text()


@pytest.fixture
def real() -> Path:
    if not REAL.exists():
        pytest.skip(f"The licensure exam is not in {DATA}")
    return REAL


def test_the_real_exam_agrees_response_by_response(real: Path, tmp_path: Path) -> None:
    done = banyan("replay", real, "--mapping", "credential", "--out", tmp_path)

    assert done.returncode == 0, done.stderr
    assert report(tmp_path)["classes"] == {"exact": 294_480}


def test_another_key_of_the_real_exam_is_found(real: Path, tmp_path: Path) -> None:
    key = real.with_name("credential_form1_key.json").read_text()
    (tmp_path / "key.json").write_text(key.replace('"1": [1]', '"1": [2]', 1))

    words = ("--mapping", "credential", "--key", tmp_path / "key.json", "--out", tmp_path)
    done = banyan("replay", real, *words)

    said = report(tmp_path)
    assert done.returncode == 1
    assert [group["name"] for group in said["assessments"] if group["differ"]] == ["1"]
    assert said["unexplained"] == said["classes"]["unexplained"]
