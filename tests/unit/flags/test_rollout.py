"""A rollout becomes strategies and back; rules made elsewhere are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flags.document import Constraint, Feature, Strategy
from flags.names import PROGRESS_READ
from flags.rollout import BadPercent, Rollout, feature_of, percent_of, rollout_of

PERCENTS = some.integers(0, 100)
TENANTS = some.dictionaries(some.from_regex("[a-z][a-z0-9-]{0,8}", fullmatch=True), PERCENTS)


@given(PERCENTS, TENANTS)
def test_what_was_written_is_read(everybody: int, tenants: dict[str, int]) -> None:
    rollout = Rollout(everybody, tenants)

    assert rollout_of(PROGRESS_READ, feature_of(PROGRESS_READ, rollout)) == rollout


@pytest.mark.parametrize(
    "strategies",
    [
        [],
        [Strategy("default")],
        [Strategy("flexibleRollout", {"rollout": "30", "stickiness": "sessionId"})],
        [Strategy("flexibleRollout", {"rollout": "a third"})],
        [Strategy("default", {}, [Constraint("region", "IN", ["eu"])]), Strategy("default")],
    ],
)
def test_rules_made_elsewhere_are_no_rollout(strategies: list[Strategy]) -> None:
    assert rollout_of(PROGRESS_READ, Feature(PROGRESS_READ.name, True, strategies)) is None


@pytest.mark.parametrize("text", ["-1", "101", "3.5", "", "half", "1_0", "²", "99999"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(BadPercent, match="0 to 100"):
        percent_of(text)


def test_a_percentage_is_read() -> None:
    assert [percent_of(text) for text in ("0", "7", "100")] == [0, 7, 100]
