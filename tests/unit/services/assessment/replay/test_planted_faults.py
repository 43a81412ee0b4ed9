"""Each fault in the scorer is found, and said to be where it is."""

from collections.abc import Iterator

import pytest

from bench.archive import archive
from services.assessment.replay.archive import DefinitionLine, Line, Opening, SittingLine
from services.assessment.replay.explained import Class, read_explained
from services.assessment.replay.known import Definitions
from services.assessment.replay.own_form import ANY
from services.assessment.replay.sheet import Sheet
from services.assessment.replay.tally import Tally
from services.assessment.scoring import exact
from tests.unit.services.assessment.replay.faults import FAULTS, Fault

ATTEMPTS = 3_000


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return [ANY.decode(line) for line in archive(ATTEMPTS, seed=7)]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What the scorer remembers of parts is of the scorer as it is."""
    exact.part.cache_clear()
    yield
    exact.part.cache_clear()


def replayed(lines: list[Line]) -> Tally:
    opening = lines[0]
    assert isinstance(opening, Opening)
    definitions = Definitions(line for line in lines if isinstance(line, DefinitionLine))
    sheet = Sheet(definitions, opening.at, read_explained())
    sittings = [line for line in lines if isinstance(line, SittingLine)]
    return sheet.judge(enumerate(sittings, start=1))


def test_without_a_fault_everything_is_explained(lines: list[Line]) -> None:
    tally = replayed(lines)

    assert tally.unexplained == 0
    assert set(tally.classes) == set(Class) - {Class.UNEXPLAINED}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found_where_it_is(
    fault: Fault, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault.plant(monkeypatch)

    tally = replayed(lines)

    found = tally.reasons[Class.UNEXPLAINED]
    assert tally.classes[Class.UNEXPLAINED] > 0
    of_attempts = [where for where in found if not where.startswith("result")]
    assert all(fault.where in where for where in of_attempts), found
