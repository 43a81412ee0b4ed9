"""Who asks, as their token says."""

from dataclasses import dataclass

from services.contracts.ids import Kind, TenantId, UserId, ViewerId, encode
from services.contracts.learning import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    tenant: TenantId
    user: UserId
    roles: frozenset[Role]

    @property
    def id(self) -> ViewerId:
        return ViewerId(encode(Kind.VIEWER, self.tenant, self.user))

    def has(self, role: Role) -> bool:
        return role in self.roles
