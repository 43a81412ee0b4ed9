"""README's table of guarantees, from what was measured: `python -m tests.faults.guarantees`."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests import figures
from tests.faults.held import Held, held
from tests.faults.registry import HOLDERS, ROWS
from tests.faults.row import Row
from tests.figures import Figure

README = Path("README.md")
BEGIN, END = "<!-- guarantees -->", "<!-- /guarantees -->"
_HEAD = "| promise | rows held | measured | again |\n|---|---|---|---|"
_AGAIN = "`make faults`"

Promises = Mapping[str, Sequence[str]]
PROMISES: Promises = tomllib.loads(Path(__file__).with_name("promises.toml").read_text())


class NoPlace(Exception):
    """The text has no place for the table."""


def table(promises: Promises, tests: Iterable[Held], measured: Iterable[Figure]) -> str:
    """A line for each promise that a test holds; twins show the absence of a guard, no figure."""
    proper = [test for test in tests if not test.is_twin]
    known = _best(measured, {test.name for test in proper})
    return "\n".join([_HEAD, *_lines(promises, {test.row for test in proper}, known)])


def _lines(promises: Promises, held_rows: set[str], known: Sequence[Figure]) -> Iterator[str]:
    for promise, rows in promises.items():
        mine = [row for row in rows if row in held_rows]
        if mine:
            which = f"{', '.join(mine)} ({len(mine)} of {len(rows)})"
            told = "<br>".join(_told(ROWS[row], known) for row in mine)
            yield f"| {promise} | {which} | {told} | {_AGAIN} |"


def _best(measured: Iterable[Figure], names: set[str]) -> list[Figure]:
    """One figure a test: that of a full run where there is one."""
    best: dict[tuple[str, str], Figure] = {}
    for figure in sorted(measured, key=lambda figure: figure.full):
        if figure.test.partition("[")[0] in names:
            best[figure.row, figure.test] = figure
    return [best[key] for key in sorted(best)]


def _told(row: Row, known: Sequence[Figure]) -> str:
    mine = [figure for figure in known if figure.row == row.id]
    if not mine:
        return f"{row.id}: not measured yet"
    full = all(figure.full for figure in mine) or row.n_test == row.n_full
    count = f"N {row.n(full):,}" + ("" if full else ", small N")
    return f"{row.id}: {', '.join(figure.told() for figure in mine)} ({count})"


def placed(text: str, new: str) -> str:
    """The text with the table between its two marks; raises NoPlace."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoPlace(f"There is no {BEGIN} … {END} to write between.")
    return f"{before}{BEGIN}\n{new}\n{END}{after}"


def main() -> None:
    new = table(PROMISES, held(HOLDERS), figures.read())
    README.write_text(placed(README.read_text(), new))


if __name__ == "__main__":
    main()
