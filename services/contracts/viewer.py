"""Who asks, as their token says."""

from dataclasses import dataclass, field

from services.contracts.ids import Kind, TenantId, UserId, ViewerId, encode
from services.contracts.learning import Role

UTC = "UTC"


@dataclass(frozen=True, slots=True)
class Viewer:
    """`locale` and `zone` make nobody somebody else: tokens of one person may differ."""

    tenant: TenantId
    user: UserId
    roles: frozenset[Role]
    locale: str | None = field(default=None, compare=False)
    zone: str = field(default=UTC, compare=False)

    @property
    def id(self) -> ViewerId:
        return ViewerId(encode(Kind.VIEWER, self.tenant, self.user))

    def has(self, role: Role) -> bool:
        return role in self.roles
