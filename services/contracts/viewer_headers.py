"""Who asks, said in the headers of a call from the gateway to a service."""

from collections.abc import Mapping

from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer

TENANT, USER, ROLES = "banyan-tenant", "banyan-user", "banyan-roles"
NOBODY = UserId("")
"""Stands for the gateway itself, where it asks for many people of one tenant."""


class NoViewer(ValueError):
    """The headers do not say who asks."""


def headers_of(viewer: Viewer) -> dict[str, str]:
    return {TENANT: viewer.tenant, USER: viewer.user, ROLES: ",".join(sorted(viewer.roles))}


def viewer_of(headers: Mapping[str, str]) -> Viewer:
    """Raises NoViewer."""
    try:
        roles = headers[ROLES].split(",") if headers[ROLES] else []
        who = Viewer(TenantId(headers[TENANT]), UserId(headers[USER]), frozenset(map(Role, roles)))
    except (KeyError, ValueError) as wrong:
        raise NoViewer(f"{TENANT}, {USER} and {ROLES} must say who asks.") from wrong
    if not who.tenant or not (who.user.isascii() and who.user.isdigit() and len(who.user) < 19):
        raise NoViewer(f"{TENANT} and {USER} must name a person.")
    return who


def nobody(tenant: TenantId) -> Viewer:
    """Has no rights: what is asked names those whose rights count."""
    return Viewer(tenant, NOBODY, frozenset())


def nobody_of(headers: Mapping[str, str]) -> Viewer:
    """Raises NoViewer also where a person asks."""
    if not headers.get(TENANT) or headers.get(USER) or headers.get(ROLES):
        raise NoViewer(f"{TENANT} must name a tenant, {USER} and {ROLES} nobody.")
    return nobody(TenantId(headers[TENANT]))
