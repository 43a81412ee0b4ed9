"""Who was let in comes first once, and is forgotten by and by."""

import pytest

from gateway.admission import going_on
from gateway.admission.going_on import GoingOn
from gateway.admission.shares import Party


def test_every_second_time_comes_first() -> None:
    known, party = GoingOn(), Party("acme", "hero", "1")
    came_first = []

    for _ in range(4):
        came_first.append(known.comes_first(party))
        known.let_in(party)

    assert came_first == [False, True, False, True]


def test_whoever_was_let_in_longest_ago_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(going_on, "MOST", 2)
    known, parties = GoingOn(), [Party("acme", "hero", str(user)) for user in range(3)]

    for party in parties:
        known.let_in(party)

    assert [known.comes_first(one) for one in parties] == [False, True, True]
