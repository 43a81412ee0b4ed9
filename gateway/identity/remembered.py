"""Tokens that were verified: to know one again costs a hash, to verify one a signature."""

from collections import OrderedDict
from hashlib import sha256

import msgspec

from gateway.identity.identity import Identity
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer

MOST = 20_000


class _Known(msgspec.Struct, frozen=True, gc=False):
    """An identity that the garbage collector does not go through, as there are thousands."""

    tenant: TenantId
    user: UserId
    roles: frozenset[Role]
    issued_s: float
    expires_s: float
    session: str | None
    locale: str | None
    zone: str

    @property
    def identity(self) -> Identity:
        viewer = Viewer(self.tenant, self.user, self.roles, self.locale, self.zone)
        return Identity(viewer, self.issued_s, self.expires_s, self.session)


class Remembered:
    """The oldest goes where there is no room; all go when the issuer's keys are others."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._generation = 0
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._roles: dict[frozenset[Role], frozenset[Role]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def find(self, token: str, generation: int) -> Identity | None:
        if generation != self._generation:
            self._generation = generation
            self._known.clear()
        known = self._known.get(_digest(token))
        return None if known is None else known.identity

    def keep(self, token: str, identity: Identity) -> None:
        if len(self._known) >= self._most:
            self._known.popitem(last=False)
        who = identity.viewer
        roles = self._roles.setdefault(who.roles, who.roles)
        self._known[_digest(token)] = _Known(
            who.tenant,
            who.user,
            roles,
            identity.issued_s,
            identity.expires_s,
            identity.session,
            who.locale,
            who.zone,
        )

    def forget(self, token: str) -> None:
        self._known.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    """Not the token itself: what lies in memory may be seen in a dump."""
    return sha256(token.encode("ascii")).digest()
