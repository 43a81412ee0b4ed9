"""A small service for tests: an outbox with its feed, and a tally of a feed.

`python -m tests.integration.events.program [--only api|relay|projector]`
"""

import os
import sys
from collections.abc import Mapping

import uvloop
from starlette.applications import Starlette

from services.events.bell import Bell
from services.events.feed import Feed
from services.events.feed_client import FeedClient
from services.events.feed_routes import feed_routes
from services.events.health import health_routes
from services.events.process import TakenPort, run
from services.events.projector import Projector
from services.events.relay import Relay
from services.events.role import Role, roles_of
from services.events.upkeep import Upkeep
from services.kit.clock import SystemClock
from services.storage import db
from tests.integration.events.tally import Tally
from tests.integration.events.writers import OUTBOX, SOURCE


async def serve(environ: Mapping[str, str], roles: frozenset[Role]) -> None:
    clock = SystemClock()
    async with (
        db.pool(environ["DATABASE_URL"]) as pool,
        Bell(environ["REDIS_URL"], clock) as bell,
        FeedClient(environ["SOURCE_URL"], "tally") as source,
    ):
        duties = {
            Role.RELAY: [*Relay(pool, bell, SOURCE).duties(), Upkeep(pool).duty()],
            Role.PROJECTOR: Projector(pool, source, SOURCE, Tally(), bell).duties(),
        }
        routes = [*health_routes(pool), *feed_routes(Feed(pool, OUTBOX.events))]
        await run(Starlette(routes=routes), int(environ["PORT"]), duties, clock, roles)


def main() -> None:
    start(os.environ, roles_of("program", sys.argv[1:]))


def start(environ: Mapping[str, str], roles: frozenset[Role]) -> None:
    try:
        uvloop.run(serve(environ, roles))
    except TakenPort as taken:
        sys.exit(str(taken))


if __name__ == "__main__":
    main()
