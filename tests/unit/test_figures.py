"""What tests measured is merged over runs."""

from pathlib import Path

from tests.figures import Figure, joined, keep, merged, read


def measured(calls: int, row: str = "C1", test: str = "test_c1_one", full: bool = False) -> Figure:
    return Figure(row, test, full, {"calls": calls})


def test_nothing_is_kept_before_the_first_run(tmp_path: Path) -> None:
    assert read(tmp_path / "figures.json") == []


def test_a_later_run_replaces_what_the_same_test_measured(tmp_path: Path) -> None:
    path = tmp_path / "build" / "figures.json"
    keep([measured(9), measured(5, row="C2")], path)

    keep([measured(1)], path)

    assert read(path) == [measured(1), measured(5, row="C2")]


def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    keep([measured(1)], tmp_path / "figures.json")

    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


def test_a_small_run_does_not_hide_a_full_one() -> None:
    assert merged([measured(1, full=True), measured(2)]) == [measured(2), measured(1, full=True)]


def test_several_calls_of_one_test_are_one_figure() -> None:
    more = Figure("C1", "test_c1_one", False, {"callers": 10})

    assert joined([measured(1), more]) == [
        Figure("C1", "test_c1_one", False, {"calls": 1, "callers": 10})
    ]


def test_numbers_are_told_for_readers() -> None:
    figure = Figure("C1", "t", False, {"callers": 10_000, "p99_ms": 1.23456, "from": "log"})

    assert figure.told() == "callers 10,000, p99_ms 1.235, from log"
