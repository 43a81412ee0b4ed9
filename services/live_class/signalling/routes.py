"""How the service is asked for signals, and where it looks up who is in which room."""

from collections.abc import Collection

from starlette.responses import Response
from starlette.routing import Route

from services.commands.answering import order_route, status_of
from services.contracts import classroom_api as api
from services.contracts.classroom import SignalNews
from services.contracts.errors import Refused
from services.contracts.live_class import LiveClassState
from services.kit.answering import Asking, as_json, route
from services.live_class.room.whereabouts import whereabouts
from services.live_class.signalling.people import Find, Present
from services.live_class.signalling.signalling import Signalling
from services.storage import db
from services.storage.db import Pool

STATE = "SELECT state FROM rooms WHERE tenant_id = $1 AND live_class = $2"


def signalling_routes(signalling: Signalling, service: str) -> list[Route]:
    async def read(asking: Asking[api.After]) -> Response:
        return answered(await signalling.news(asking.viewer, asking.said))

    return [
        order_route(api.SEND, signalling.send, service),
        route(api.SIGNALS, read, service),
    ]


def answered(found: SignalNews | Refused) -> Response:
    return as_json(found, status_of(found) if isinstance(found, Refused) else 200)


def in_rooms(pool: Pool) -> Find:
    """By the tables of rooms."""

    async def find(tenant: str, live_class: str, users: Collection[int]) -> Present:
        async with db.reading(pool, tenant) as connection:
            if await connection.fetchval(STATE, tenant, live_class) == LiveClassState.ENDED:
                return Present(is_over=True)
            return Present(await whereabouts(connection, tenant, live_class, users))

    return find
