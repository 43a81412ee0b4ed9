"""`banyan`: one command put together from what each package offers as an entry point."""

import os
from importlib.metadata import EntryPoint, entry_points

import click

from services.kit.settings import BadSetting, Settings, table

GROUP = "banyan.commands"


class OneCommand(click.Group):
    """Loads a package only when one of its commands is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_offered()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        offered = _offered().get(cmd_name)
        if offered is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = offered.load()
        return command


def _offered() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


@click.group(cls=OneCommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="banyan", prog_name="banyan")
def banyan() -> None:
    """A GraphQL backend-for-frontend for a platform that is being rebuilt."""


@banyan.command()
def settings() -> None:
    """List every setting, its default and what it is for."""
    width = max(len(name) for name, _, _ in table())
    for name, default, purpose in table():
        click.echo(f"{name:<{width}}  {purpose} [{default}]")


def settings_from_environ() -> Settings:
    """The settings of this process; a bad one ends it with a sentence."""
    try:
        return Settings.read(os.environ)
    except BadSetting as wrong:
        raise click.ClickException(str(wrong)) from wrong


def main() -> None:
    banyan()
