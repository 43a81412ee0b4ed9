"""`banyan why`: what one answer was made of."""

import time

import click

from services.kit.cli import settings_from_environ

TRIES, AGAIN_S = 4, 0.25
"""A gateway writes down what it did a moment later."""


@click.command()
@click.argument("request_id")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def why(request_id: str, as_json: bool) -> None:
    """Tell why the request with this id was answered as it was.

    The id is in the header `x-request-id` of each answer. Gateways in development remember the last
    thousand each, and in production where BANYAN_WHY is on.
    """
    import msgspec

    from gateway.why.files import WhyFiles
    from gateway.why.why import lines

    files = WhyFiles(settings_from_environ().home)
    for _ in range(TRIES):
        found = files.find(request_id)
        if found is not None:
            click.echo(msgspec.json.encode(found).decode() if as_json else "\n".join(lines(found)))
            return
        time.sleep(AGAIN_S)
    raise click.ClickException(
        f"Nothing is remembered of {request_id}: it was none of the last thousand, was refused at "
        "the door, or was answered there as the same request a moment before."
    )
