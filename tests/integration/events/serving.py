"""A feed over HTTP, at a port of its own."""

from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette

from services.events.feed import Feed
from services.events.feed_routes import feed_routes
from services.events.outbox import Outbox
from services.storage.db import Pool
from tests.integration.events.writers import OUTBOX
from tests.integration.monolith.serving import serving as serving_app
from tests.pair import free_port


def serving(pool: Pool, outbox: Outbox = OUTBOX) -> AbstractAsyncContextManager[str]:
    """Its address."""
    app = Starlette(routes=feed_routes(Feed(pool, outbox.events)))
    return serving_app(app, free_port())
