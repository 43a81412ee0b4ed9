"""Verified tokens are known again, and cost the garbage collector nothing."""

import gc

from gateway.identity.identity import Identity
from gateway.identity.remembered import Remembered
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from tests.fakes.tenant import viewer


def test_who_is_known_is_told_as_they_were() -> None:
    remembered, identity = Remembered(), Identity(viewer("acme"), 1.0, 2.0, "session")

    remembered.keep("token", identity)

    assert remembered.find("token", 0) == identity


def test_thousands_are_nothing_to_collect() -> None:
    """A full garbage collection goes through all that it knows while everybody waits."""
    remembered = Remembered()
    gc.collect()
    before = len(gc.get_objects())

    for number in range(2_000):
        who = Viewer(TenantId("acme"), UserId(str(number)), frozenset({Role.LEARNER}))
        remembered.keep(f"token {number}", Identity(who, 1.0, 2.0))

    gc.collect()
    assert len(gc.get_objects()) - before < 20
