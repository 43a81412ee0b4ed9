"""Viewers to decide for, and how many of them the service answers."""

from flags.client import Flags
from flags.names import PROGRESS_READ, Capability, Side
from services.contracts.ids import TenantId, UserId
from services.contracts.viewer import Viewer

MANY = 3_000
FEW = 300


def viewer(tenant: str, user: int) -> Viewer:
    return Viewer(TenantId(tenant), UserId(str(user)), frozenset())


def with_the_service(
    flags: Flags, tenant: str, capability: Capability = PROGRESS_READ, many: int = MANY
) -> set[int]:
    """Those of a tenant's learners whom the service answers, by id."""
    return {
        user
        for user in range(many)
        if flags.decide(viewer(tenant, user)).side(capability) is Side.SERVICE
    }
