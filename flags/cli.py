"""`banyan flags`: which side answers what, for whom and why; and the lever that moves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flags.change import BadChange, change_to, known_capability, known_tenant
from flags.document import BadFlags, Document
from flags.history import History, note
from flags.hold import Hold
from flags.hold_cli import hold as hold_command
from flags.hold_cli import in_force, release
from flags.names import CAPABILITIES, Capability, Side, shadow_of
from flags.origin import Origin, origin_of, read
from flags.rollout import BadPercent
from flags.rule import Rule
from flags.standing import Standing
from services.contracts.ids import TenantId, UserId
from services.contracts.status import RouteMode
from services.contracts.viewer import Viewer
from services.kit.cli import settings_from_environ

MODES = click.Choice(
    [mode.lower() for mode in RouteMode if mode is not RouteMode.ROLLED_BACK], case_sensitive=False
)


@click.group()
def flags() -> None:
    """Say which side answers, and for whom."""


@flags.command("list")
def list_() -> None:
    """List every capability with who is where."""
    with _plainly():
        origin = _origin()
        document = read(origin)
    holds = in_force()
    for capability in CAPABILITIES.values():
        told = _summary(capability, document, holds.get(capability.name))
        click.echo(f"{capability.name:<22} {told}")
        click.echo(f"{'':<22} {capability.what}")
        click.echo(f"{'':<22} owner {capability.owner}, removed by {capability.remove_by}")
    click.echo(origin.told)


@flags.command()
@click.argument("capability")
@click.option("--tenant", required=True, help="Whose platform.")
@click.option("--user", required=True, help="The person's id there.")
def explain(capability: str, tenant: str, user: str) -> None:
    """Say which side answers CAPABILITY for somebody, and why."""
    from flags.explain import explain as explained

    viewer = Viewer(TenantId(tenant), UserId(user), frozenset())
    with _plainly():
        asked, origin = known_capability(capability), _origin()
        known_tenant(tenant, _home(), read(origin))
        click.echo(explained(origin.text(), asked, viewer).told())
        click.echo(origin.told)


@flags.command("set")
@click.argument("capability")
@click.argument("mode", type=MODES)
@click.option("--tenant", help="For this tenant only [default: for everybody].")
@click.option("--percent", help="How many learners: of a canary; of the shadow [default: 100].")
@click.option("--why", default="", help="Kept in the history.")
def set_(capability: str, mode: str, tenant: str | None, percent: str | None, why: str) -> None:
    """Let MODE decide who answers CAPABILITY, within two seconds.

    \b
    legacy   the monolith answers
    shadow   the monolith answers, and the service is compared with it unseen
    canary   the service answers a percentage of the learners, always the same ones
    service  the service answers

    For everybody it replaces what was set for single tenants.
    """
    with _plainly():
        wanted = RouteMode(mode.upper())
        change = change_to(known_capability(capability), wanted, percent, tenant)
        changed = _origin().apply(change)
        what = f"set to {mode}" + (f" {percent} %" if percent else "")
        note(_home(), capability, what, why, tenant)
        click.echo(f"{capability}: {_summary(change.capability, changed)}")


@flags.command()
@click.argument("capability", required=False)
def history(capability: str | None) -> None:
    """Tell who moved what, when and why: of CAPABILITY, or of all."""
    with _plainly():
        wanted = known_capability(capability).name if capability else None
        entries = [one for one in History(_home()).read() if wanted in (None, one.capability)]
    click.echo("\n".join(one.told() for one in entries) or "Nothing was ever moved here.")


flags.add_command(hold_command)
flags.add_command(release)


def _summary(capability: Capability, document: Document, hold: Hold | None = None) -> str:
    rule, shadow = (Rule.of(one, document) for one in (capability, shadow_of(capability)))
    standing = Standing.of(capability, rule, shadow, hold)
    told = [hold.told()] if hold else []
    told += [rule.told(tenant) for tenant in ("", *rule.tenants)]
    if not shadow.is_of(Side.LEGACY):
        told += [f"compared: {shadow.told(tenant)}" for tenant in ("", *shadow.tenants)]
    return f"{standing.mode.lower().replace('_', ' ')}; " + "; ".join(told)


def _home() -> Path:
    return settings_from_environ().home


def _origin() -> Origin:
    return origin_of(settings_from_environ())


@contextmanager
def _plainly() -> Iterator[None]:
    """What was asked for wrongly ends the command with a sentence."""
    try:
        yield
    except (BadChange, BadFlags, BadPercent) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except OSError as refused:
        raise click.ClickException(
            f"{refused.filename} cannot be used: {refused.strerror}."
        ) from refused
