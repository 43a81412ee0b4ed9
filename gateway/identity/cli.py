"""`banyan token`: a bearer token of the demo issuer."""

import json
from pathlib import Path

import click

from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import UTC, Viewer
from services.kit.cli import settings_from_environ
from services.kit.clock import SystemClock
from services.kit.settings import Profile

ROLES = [role.lower() for role in Role]


@click.command()
@click.argument("role", type=click.Choice(ROLES, case_sensitive=False))
@click.option("--tenant", default="northfield", show_default=True, help="Whose platform.")
@click.option("--user", help="The person's id there [default: the demo's of that role].")
@click.option("--locale", help="The language they want to be told things in, such as pt-BR.")
@click.option("--zone", default=UTC, show_default=True, help="Where their clock stands.")
def token(role: str, tenant: str, user: str | None, locale: str | None, zone: str) -> None:
    """Print a bearer token for ROLE (in development only)."""
    from gateway.identity.issuer import DemoIssuer

    settings = settings_from_environ()
    if settings.profile is Profile.PRODUCTION:
        raise click.ClickException("There is no demo issuer in production.")
    who = user or _demo_user(settings.home, tenant, role)
    roles = frozenset({Role(role.upper())})
    viewer = Viewer(TenantId(tenant), UserId(who), roles, locale, zone)
    issuer = DemoIssuer(settings.home, settings.token_issuer, settings.token_audience)
    click.echo(issuer.token_for(viewer, SystemClock()))


def _demo_user(home: Path, tenant: str, role: str) -> str:
    """The person that the sample or an import named for the role."""
    try:
        tenants = json.loads((home / "demo.json").read_text())
    except (OSError, ValueError):
        tenants = {}
    if tenant not in tenants:
        known = ", ".join(sorted(tenants)) or "none yet: `make run` makes a sample"
        raise click.ClickException(f"No demo people of tenant {tenant} are known ({known}).")
    return str(tenants[tenant][role])
