"""README's guarantees quote what was measured, and how often it was done."""

from collections import Counter
from pathlib import Path

import pytest

from tests import figures
from tests.faults import registry
from tests.faults.guarantees import BEGIN, END, PROMISES, NoPlace, placed, table
from tests.faults.held import Held, held_by
from tests.figures import Figure, Value

ONE_SICK = {"One sick upstream": ["U1", "U2", "U9"], "Nobody sees another's": ["I4"]}


def holding(*names: str) -> list[Held]:
    return held_by("\n".join(f"def {name}(): ..." for name in names), Path("test_rows.py"))


def measured(test: str, full: bool = False, **values: Value) -> Figure:
    return Figure(test.split("_")[1].upper(), test, full, values)


def lines(tests: list[Held], *kept: Figure) -> list[str]:
    return table(ONE_SICK, tests, kept).splitlines()[2:]


def test_every_row_that_a_promise_stands_on_is_in_the_registry_once() -> None:
    named = Counter(row for rows in PROMISES.values() for row in rows)

    assert len(PROMISES) == 10
    assert named.keys() - registry.ROWS.keys() == set()
    assert named.most_common(1)[0][1] == 1


def test_the_table_is_made_of_a_file_of_figures(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    figures.keep([measured("test_u1_hung", full=True, slowest_s=1.38, callers=2_000)], path)

    told = table(ONE_SICK, holding("test_u1_hung"), figures.read(path)).splitlines()

    assert told == [
        "| promise | rows held | measured | again |",
        "|---|---|---|---|",
        "| One sick upstream | U1 (1 of 3) | U1: slowest_s 1.38, callers 2,000 (N 2,000) "
        "| `make faults` |",
    ]


def test_a_promise_that_no_test_holds_is_not_made() -> None:
    assert lines([], measured("test_i4_swept", marks=0)) == []
    assert lines(holding("test_i4_fails_without_it")) == []


def test_a_full_run_is_preferred_whichever_came_last() -> None:
    small, full = measured("test_u1_hung", calls=2), measured("test_u1_hung", full=True, calls=1)

    for kept in ((small, full), (full, small)):
        [line] = lines(holding("test_u1_hung"), *kept)
        assert "U1: calls 1 (N 2,000)" in line


def test_a_small_run_says_so() -> None:
    [line] = lines(holding("test_u1_hung"), measured("test_u1_hung", calls=2))

    assert "U1: calls 2 (N 200, small N)" in line


def test_one_small_figure_among_full_ones_makes_the_row_small() -> None:
    tests = holding("test_u1_hung", "test_u1_slow")
    kept = [measured("test_u1_hung", full=True, calls=1), measured("test_u1_slow", waits=3)]

    [line] = lines(tests, *kept)

    assert "U1: calls 1, waits 3 (N 200, small N)" in line


def test_a_row_whose_n_is_always_the_same_is_never_small() -> None:
    [line] = lines(holding("test_u2_cut"), measured("test_u2_cut[drip]", drip_s=0.5))

    assert "U2: drip_s 0.5 (N 6)" in line


def test_what_a_twin_measured_is_no_guarantee() -> None:
    tests = holding("test_u1_hung", "test_u1_fails_without_the_deadline")
    kept = [measured("test_u1_hung", calls=1), measured("test_u1_fails_without_the_deadline", n=9)]

    [line] = lines(tests, *kept)

    assert "n 9" not in line


def test_a_figure_of_a_test_that_is_gone_is_not_quoted() -> None:
    [line] = lines(holding("test_u1_hung"), measured("test_u1_as_it_was_called", calls=7))

    assert "U1: not measured yet" in line


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = f"# Banyan\n{BEGIN}\nold\n{END}\nThe rest.\n"

    once = placed(text, "new")

    assert once == f"# Banyan\n{BEGIN}\nnew\n{END}\nThe rest.\n"
    assert placed(once, "new") == once


@pytest.mark.parametrize("text", ["", BEGIN, f"{END} {BEGIN}"])
def test_a_text_without_the_marks_is_left_alone(text: str) -> None:
    with pytest.raises(NoPlace, match="guarantees"):
        placed(text, "new")
