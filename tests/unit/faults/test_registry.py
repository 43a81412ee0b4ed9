"""The registry of fault rows is whole, and its page is what it says."""

from pathlib import Path

import pytest

from tests.faults import registry
from tests.faults.held import Held, held, held_by, without_twin
from tests.faults.page import page, static
from tests.faults.row import Row
from tests.figures import Figure

ROOT = Path(__file__).parents[3]
AREAS = {"C": 15, "U": 15, "D": 18, "S": 10, "G": 13, "I": 10, "B": 6}


def holding() -> list[Held]:
    return held(ROOT / folder for folder in registry.HOLDERS)


def row(name: str = "C1") -> Row:
    return Row(name, "Cache", "fault", "promise", "0 lost", n_test=10, n_full=100, budget_s=4)


def test_every_row_of_the_matrix_is_there_once() -> None:
    wanted = [f"{area}{number}" for area, last in AREAS.items() for number in range(1, last + 1)]

    assert sorted(registry.ROWS) == sorted(wanted)


def test_every_row_says_all_and_has_a_budget() -> None:
    for row in registry.ROWS.values():
        assert all([row.fault, row.promise, row.figure]), row.id
        assert 0 < row.n_test <= row.n_full, row.id
        assert row.budget_s > 0, row.id
        assert "|" not in "".join(static(row)), row.id


def test_every_test_of_a_row_has_its_row() -> None:
    assert [test.name for test in holding() if test.row not in registry.ROWS] == []


def test_every_row_that_is_held_has_a_twin_that_fails_without_the_guard() -> None:
    assert without_twin(holding()) == set()


def test_the_page_says_what_the_registry_says() -> None:
    lines = (ROOT / registry.PAGE).read_text().splitlines()
    told = [line.strip("| ").split(" | ")[:6] for line in lines if "| " in line]

    missing = [row.id for row in registry.ROWS.values() if static(row) not in told]

    assert missing == [], "run `python -m tests.faults.registry`"


def test_tests_and_twins_are_found_by_their_names() -> None:
    source = (
        "async def test_c1_one_call(): ...\n"
        "class TestHerd:\n    def test_c1_fails_without_the_lease(self): ...\n"
        "def test_proxy_passes(): ...\n"
        "def measure_c2(): ...\n"
    )

    found = held_by(source, Path("test_c1.py"))

    assert [(test.row, test.is_twin) for test in found] == [("C1", False), ("C1", True)]


def test_a_row_without_a_twin_is_found() -> None:
    tests = held_by("def test_c1_one_call(): ...\ndef test_c2_fails_without_it(): ...", Path("t"))

    assert without_twin(tests) == {"C1"}


def test_the_page_tells_tests_twins_and_what_is_open() -> None:
    tests = held_by("def test_c1_one(): ...\ndef test_c1_fails_without_it(): ...", Path("t"))

    text = page([row("C1"), row("C2")], tests, [])

    assert "1 of 2 rows are held" in text
    assert "`test_c1_one`<br>`test_c1_fails_without_it` (twin)" in text
    assert "| not yet held | not measured yet |" in text


def test_the_page_quotes_full_runs_only() -> None:
    small = Figure("C1", "test_c1_one", False, {"calls": 2})
    full = Figure("C1", "test_c1_one", True, {"calls": 1})

    assert "not measured yet" in page([row()], [], [small])
    assert "test_c1_one: calls 1" in page([row()], [], [small, full])


def test_a_full_run_takes_the_rows_own_n(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANYAN_FULL_N", raising=False)
    assert registry.n("C10") == 20_000

    monkeypatch.setenv("BANYAN_FULL_N", "1")
    assert registry.n("C10") == 1_000_000


def test_the_budget_grows_with_n() -> None:
    assert row().allowed_s(full=False) == 4
    assert row().allowed_s(full=True) == 40


def test_a_tests_name_leads_to_its_row() -> None:
    assert registry.row_of("test_c1_one_call[redis]") is registry.ROWS["C1"]
    assert registry.row_of("test_proxy_passes") is None
