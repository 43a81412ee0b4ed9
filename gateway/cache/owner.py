"""Who may share an answer: said by a type, and never left out."""

from typing import TypeAlias

import msgspec

from services.contracts.ids import TenantId, UserId
from services.contracts.viewer import Viewer


class Public(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Everybody."""

    @property
    def tenant(self) -> str:
        return ""


class Tenant(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Everybody of one tenant who passes the guards."""

    tenant: TenantId


class Private(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """One viewer, in these roles: whoever loses one is somebody else."""

    tenant: TenantId
    user: UserId
    roles: tuple[str, ...]

    @classmethod
    def of(cls, viewer: Viewer) -> "Private":
        return cls(viewer.tenant, viewer.user, tuple(sorted(viewer.roles)))


Owner: TypeAlias = Public | Tenant | Private
