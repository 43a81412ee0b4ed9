"""Sockets of a gateway whose classes are held by the service: what reaches a listener there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from gateway.classroom.attending import attend
from gateway.realtime.hub import Hub
from resolvers.classrooms import Classrooms
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from services.contracts.viewer import Viewer
from services.kit.asking import ServiceClient
from services.kit.clock import Clock, SystemClock
from services.kit.transport import HttpTransport
from services.live_class.classroom_client import ServiceClassrooms
from services.storage.db import Pool
from tests.contract.lecture_hall import lecture_hall
from tests.contract.meeting import WAITS_S, Meeting
from tests.fakes.asking import CONSISTENCY
from tests.fakes.sources import sources_of
from tests.integration.classroom.client import Client, Heard, client
from tests.integration.classroom.lecture import CLASSROOM
from tests.integration.live_class import keeping
from tests.unit.gateway.test_websocket import Door


class ClassDoor(Door):
    """People and courses are a fake's; the class, its news and its listeners are real."""

    def __init__(self, home: Path, tenant: str, classrooms: Classrooms, hub: Hub) -> None:
        super().__init__(home)
        self.platform = lecture_hall(tenant, SystemClock().now())
        self.meeting = Meeting(classrooms, hub, tenant)

    def context(
        self, who: Viewer | None, received_s: float | None, sight: Sight, say: Say
    ) -> Context:
        held = self.meeting
        own = replace(sources_of(self.platform), classrooms=held.classrooms, topics=held.topics)
        return context_for(who, SystemClock(), WAITS_S, own, CONSISTENCY, received_s, sight, say)

    def client(self, user: str) -> AbstractAsyncContextManager[Client]:
        bearer = self.token_of(self.meeting.tenant, user)
        return client(self.url.removesuffix("/graphql"), bearer)

    async def listener(self, socket: Client) -> Heard:
        """Who has been told what is."""
        heard = await socket.listen("classroom", CLASSROOM, id=self.meeting.id)
        await heard.next()
        return heard


@asynccontextmanager
async def class_door(
    home: Path, tenant: str, pool: Pool, url: str, redis: str, clock: Clock
) -> AsyncIterator[ClassDoor]:
    """It tells the service at `url`, every few seconds, who listens."""
    transport = HttpTransport(connections=20)
    classrooms = ServiceClassrooms(ServiceClient(transport, "live_class", url, WAITS_S))
    async with keeping.heard(redis) as hub, asyncio.TaskGroup() as work:
        door = ClassDoor(home, tenant, classrooms, hub)
        await keeping.known(pool, door.platform, tenant)
        groups = door.endpoint.engine.groups
        attending = work.create_task(attend(groups, classrooms, clock))
        async with door.opened():
            yield door
        attending.cancel()
        await groups.close()
    await transport.close()
