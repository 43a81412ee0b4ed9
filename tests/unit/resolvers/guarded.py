"""Two courses, and who looks at what is in them."""

from resolvers.context import Context, context_for
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, add_tenant

PROCTOR = Viewer(TenantId("acme"), UserId("3"), frozenset({Role.PROCTOR}))


def two_courses() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme", courses=2)
    return made


def asking(platform: FakePlatform, who: Viewer | None) -> Context:
    return context_for(who, FakeClock(NOW), 1.0, sources_of(platform), CONSISTENCY)
