"""One list of flags in an UnleashClient: it never changes, and it starts no thread."""

from typing import Any

from UnleashClient.cache import BaseCache
from UnleashClient.clients.unleash_client import UnleashClient
from UnleashClient.constants import FEATURES_URL
from UnleashClient.utils import InstanceAllowType

from flags.document import BadFlags
from flags.rollout import TENANT
from services.contracts.viewer import Viewer

# Never called: a client that was not initialized evaluates what it was made with, and no more.
NOWHERE = "http://unleash.invalid/api"


class Engine:
    """Raises BadFlags when Unleash cannot load the text, instead of turning everything off."""

    def __init__(self, text: str) -> None:
        self.unleash = unleash_of(text)
        # A text that it cannot load is only logged by the client, which then turns all flags off.
        if not self.unleash.feature_definitions():
            raise BadFlags("Unleash cannot load the flags.")

    def lets_in(self, name: str, viewer: Viewer) -> bool:
        """Sticky by tenant and user: a user's id alone is somebody else in each tenant."""
        context = {
            "userId": f"{viewer.tenant}/{viewer.user}",
            "properties": {TENANT: viewer.tenant},
        }
        return self.unleash.is_enabled(name, context)


def unleash_of(text: str) -> UnleashClient:
    """It reports to nobody, and there is one for each list of flags that was in force."""
    return UnleashClient(
        url=NOWHERE,
        app_name="banyan",
        cache=_Bootstrap(text),
        disable_metrics=True,
        disable_registration=True,
        multiple_instance_mode=InstanceAllowType.SILENTLY_ALLOW,
    )


class _Bootstrap(BaseCache):
    """Holds a feature list in memory: the client's own cache is a file that processes share."""

    bootstrapped = True

    def __init__(self, text: str) -> None:
        self._held: dict[str, Any] = {FEATURES_URL: text}

    def set(self, key: str, value: Any) -> None:
        self._held[key] = value

    def mset(self, data: dict[str, Any]) -> None:
        self._held.update(data)

    def get(self, key: str, default: Any = None) -> Any:
        return self._held.get(key, default)

    def exists(self, key: str) -> bool:
        return key in self._held

    def destroy(self) -> None:
        self._held.clear()
