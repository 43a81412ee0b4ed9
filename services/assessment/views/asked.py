"""One question of one viewer, with the connection that answers it: of their tenant alone."""

from dataclasses import dataclass

from services.contracts.ids import TenantId
from services.contracts.viewer import Viewer
from services.storage.db import Connection


@dataclass(frozen=True, slots=True)
class Asked:
    db: Connection
    viewer: Viewer

    @property
    def tenant(self) -> TenantId:
        return self.viewer.tenant

    @property
    def user(self) -> int:
        return int(self.viewer.user)
