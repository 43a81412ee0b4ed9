"""`banyan analytics`: tells a learning record store what is learned."""

import os

import click

from services.analytics.migrate import APP
from services.analytics.run import read, run
from services.kit.home import NotRunning
from services.kit.settings import BadSetting
from services.storage import migrations


@click.command()
def analytics() -> None:
    """Tell the learning record store at LRS_URL what is learned, until Ctrl-C.

    The database of analytics is made and brought up to date first.
    """
    try:
        at = read(os.environ)
    except (BadSetting, NotRunning) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    migrations.main(APP)
    run(at)
