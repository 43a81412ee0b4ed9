"""`banyan receipt`: whether what a learner shows at an appeal is what they were given."""

import asyncio
import logging
import re

import click

from services.contracts.ids import BadId, GlobalId, Kind, Side, decode
from services.kit.cli import settings_from_environ
from services.kit.home import NotRunning, running

LOCAL = re.compile(r"[0-9]+-[0-9]+-p?[0-9]+")
HASH = re.compile(r"[0-9a-f]{64}")


@click.group()
def receipt() -> None:
    """Look at what learners were given when they submitted."""


@receipt.command()
@click.argument("attempt_id")
@click.argument("hash")
def verify(attempt_id: str, hash: str) -> None:  # noqa: A002
    """Tell whether HASH is the receipt of a submit of ATTEMPT_ID.

    Both stand on the receipt. An attempt of the new side is judged by its log, one of the monolith
    by what the monolith has now. The system must be running.
    """
    named = _attempt(attempt_id)
    if not HASH.fullmatch(hash):
        raise click.ClickException("A receipt's hash is 64 digits and letters from a to f.")
    settings = settings_from_environ()
    try:
        at = running(settings.home)
    except NotRunning as missing:
        raise click.ClickException(str(missing)) from missing
    from gateway.receipt.verifying import verified

    # What goes wrong on the way is in the sentence that is told: nobody keeps this command's log.
    logging.getLogger().addHandler(logging.NullHandler())
    found = asyncio.run(verified(settings, at, named, hash))
    if not found.is_genuine:
        raise click.ClickException(found.said)
    click.echo(found.said)


def _attempt(text: str) -> GlobalId:
    try:
        named = decode(text)
    except BadId as wrong:
        raise click.ClickException(str(wrong)) from wrong
    is_attempt = named.kind is Kind.ATTEMPT and named.side is not Side.EITHER
    if not (is_attempt and LOCAL.fullmatch(named.local)):
        raise click.ClickException("This is an id of ours, but not an attempt's.")
    return named
