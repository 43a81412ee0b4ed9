"""Who was let in is known, until they have come first, and while they are among the last."""

import pytest

from gateway.admission import going_on
from gateway.admission.going_on import GoingOn
from gateway.admission.shares import Party

PARTIES = [Party("acme", "hero", str(user)) for user in range(3)]


def test_who_was_let_in_is_known_until_they_came_first() -> None:
    known, party = GoingOn(), PARTIES[0]
    knew = []

    for came_first in (False, False, True, False):
        knew.append(known.knows(party))
        known.let_in(party, came_first=came_first)

    assert knew == [False, True, True, False]


def test_whoever_was_let_in_longest_ago_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(going_on, "MOST", 2)
    known = GoingOn()

    for party in (*PARTIES[:2], PARTIES[0], PARTIES[2]):
        known.let_in(party, came_first=False)

    assert [known.knows(one) for one in PARTIES] == [True, False, True]
