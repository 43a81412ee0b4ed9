"""The registry of fault rows; `python -m tests.faults.registry` writes docs/faults.md."""

import tomllib
from pathlib import Path

from tests import figures
from tests.faults.held import held
from tests.faults.page import page
from tests.faults.row import Row

SOURCE = Path(__file__).with_name("rows.toml")
PAGE = Path("docs/faults.md")
HOLDERS = [Path("tests/faults"), Path("tests/security"), Path("tests/architecture")]


def _read(text: str) -> dict[str, Row]:
    areas = tomllib.loads(text).items()
    return {name: Row(name, area, *told) for area, rows in areas for name, told in rows.items()}


ROWS = _read(SOURCE.read_text())


def n(row: str) -> int:
    """How often a test of this row does it: the row's own N with BANYAN_FULL_N, else less."""
    return ROWS[row].n(figures.is_full())


def row_of(test: str) -> Row | None:
    """The row that a test holds, by its name: `test_c1_…` holds C1."""
    return ROWS.get(test.split("_")[1].upper()) if test.startswith("test_") else None


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(ROWS.values(), held(HOLDERS), figures.read()))


if __name__ == "__main__":
    main()
