"""`banyan`: one command put together from what each package offers as an entry point."""

import os
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any
from urllib.parse import urlsplit

import click
from rich.console import Console

from services.kit.home import NotRunning, running
from services.kit.redaction import Redaction
from services.kit.settings import BadSetting, Settings, name_of, table

GROUP = "banyan.commands"
WIDTH_OF_A_FILE = 200


class OneCommand(click.Group):
    """Loads a package only when one of its commands is asked for."""

    def __init__(self, *args: Any, offered_as: str = GROUP, **more: Any) -> None:
        super().__init__(*args, **more)
        self._offered_as = offered_as

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_offered(self._offered_as)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        offered = _offered(self._offered_as).get(cmd_name)
        if offered is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = offered.load()
        return command


def _offered(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}


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


def settings_beside() -> Settings:
    """The same for what asks a running system: its port, where no other is set."""
    settings = settings_from_environ()
    if name_of("port") in os.environ:
        return settings
    try:
        port = urlsplit(running(settings.home).gateway).port
    except NotRunning:
        return settings
    return replace(settings, port=port or settings.port)


def console() -> Console:
    """What goes into a file or to another program is not folded as if a terminal were narrow."""
    made = Console()
    if not made.is_terminal:
        made.width = WIDTH_OF_A_FILE
    return made


def main() -> None:
    sys.excepthook = Redaction(os.environ).heed
    banyan()
