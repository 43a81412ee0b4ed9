"""`banyan flags`: which side answers what, for whom and why; and the lever that moves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flags.change import BadChange, Change, known_capability, known_tenant, percent_on
from flags.document import BadFlags, Document
from flags.file import FlagFile
from flags.names import CAPABILITIES, Capability, Side
from flags.rollout import BadPercent
from flags.rule import Rule
from services.contracts.ids import TenantId, UserId
from services.contracts.viewer import Viewer
from services.kit.cli import settings_from_environ

SIDES = click.Choice(list(Side), case_sensitive=False)


@click.group()
def flags() -> None:
    """Say which side answers, and for whom."""


@flags.command("list")
def list_() -> None:
    """List every capability with who is where."""
    with _plainly():
        document = _file().read()
    for capability in CAPABILITIES.values():
        click.echo(f"{capability.name:<22} {_summary(capability, document)}")
        click.echo(f"{'':<22} {capability.what}")
        click.echo(f"{'':<22} owner {capability.owner}, removed by {capability.remove_by}")


@flags.command()
@click.argument("capability")
@click.option("--tenant", required=True, help="Whose platform.")
@click.option("--user", required=True, help="The person's id there.")
def explain(capability: str, tenant: str, user: str) -> None:
    """Say which side answers CAPABILITY for somebody, and why."""
    from flags.explain import explain as explained

    viewer = Viewer(TenantId(tenant), UserId(user), frozenset())
    with _plainly():
        asked, file = known_capability(capability), _file()
        known_tenant(tenant, _home(), file.read())
        click.echo(explained(file.text(), asked, viewer).told())


@flags.command("set")
@click.argument("capability")
@click.argument("side", type=SIDES)
@click.option("--tenant", help="For this tenant only [default: for everybody].")
@click.option("--percent", help="How many of the learners the service answers.")
def set_(capability: str, side: str, tenant: str | None, percent: str | None) -> None:
    """Let SIDE answer CAPABILITY, within two seconds.

    For everybody it replaces what was set for single tenants.
    """
    with _plainly():
        wanted = percent_on(Side(side), percent)
        change = Change(known_capability(capability), wanted, tenant)
        change.applied(_home())
        click.echo(f"{capability}: {_summary(change.capability, _file().read())}")


def _summary(capability: Capability, document: Document) -> str:
    rule = Rule.of(capability, document)
    tenants = [] if rule.rollout is None or not rule.is_on else sorted(rule.rollout.tenants)
    return "; ".join([rule.told(""), *(rule.told(tenant) for tenant in tenants)])


def _home() -> Path:
    return settings_from_environ().home


def _file() -> FlagFile:
    file = FlagFile(_home())
    file.ensure()
    return file


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
