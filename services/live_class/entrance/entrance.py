"""Admits somebody to a class: what their media need, and when to begin."""

from dataclasses import dataclass

from services.contracts.classroom import IceServer
from services.kit.clock import Clock
from services.kit.log import Log
from services.kit.settings import Settings
from services.live_class.aside import Aside
from services.live_class.entrance.allotments import Allotments
from services.live_class.entrance.credentials import Credentials
from services.live_class.entrance.loads import Loads
from services.live_class.entrance.placement import ranked
from services.live_class.entrance.regions import Atlas, Region, read_atlas
from services.live_class.entrance.resuming import ResumeTokens
from services.live_class.entrance.slots import Slots

NO_REGION = ""
log = Log("live_class")


@dataclass(frozen=True, slots=True)
class Admission:
    """`turn_region` is "" where there is no relay; `wait_ms` is from now on, 30,000 at most."""

    ice_servers: list[IceServer]
    turn_region: str
    resume_token: str
    wait_ms: int


@dataclass(frozen=True, slots=True)
class Entrance:
    """No method raises, and none takes longer than a second or two, whatever has failed."""

    atlas: Atlas
    credentials: Credentials
    allotments: Allotments
    loads: Loads
    slots: Slots
    tokens: ResumeTokens
    clock: Clock

    @classmethod
    def of(cls, settings: Settings, aside: Aside, clock: Clock) -> "Entrance":
        """Raises BadSetting."""
        atlas = read_atlas(settings.turn_file)
        return cls(
            atlas,
            Credentials(settings.turn_secret, settings.turn_ttl_s),
            Allotments(aside, settings.turn_ttl_s, settings.turn_classes),
            Loads(atlas.regions, aside, clock),
            Slots(aside, clock, settings.class_starts_per_s),
            ResumeTokens.of(settings),
            clock,
        )

    async def admit(self, tenant: str, live_class: str, user: int, region: str | None) -> Admission:
        """The same person in the same class, who says they are at the same place, is admitted as
        before for as long as that holds: whoever repeats a join takes nothing twice.
        """
        relays = await self._relays(tenant, live_class, user, region)
        name, now = relays.name if relays else NO_REGION, self.clock.now()
        return Admission(
            self._ice_servers(relays, tenant, user),
            name,
            self.tokens.token(tenant, live_class, user, name, now),
            await self.slots.wait_ms(tenant, live_class, user),
        )

    async def depart(self, tenant: str, live_class: str, user: int) -> None:
        """Gives back what was taken: a person may be in so many classes at once."""
        if not self.atlas.region:
            return
        region = await self.allotments.give_back((tenant, user), live_class)
        if region is not None:
            await self.loads.gone(region, who_in(tenant, live_class, user))

    async def _relays(
        self, tenant: str, live_class: str, user: int, asked: str | None
    ) -> Region | None:
        """None where there are none, or where this person has too many already."""
        if not self.atlas.region:
            return None
        standings = await self.loads.now()
        best, *_ = ranked(self.atlas.region, self.atlas.where(asked), standings)
        regions = self.atlas.regions
        taken = await self.allotments.take(
            (tenant, user), live_class, asked or NO_REGION, best.name, regions
        )
        if taken is None:
            log.warning("entrance.too_many", tenant=tenant, most=self.allotments.most)
            return None
        if taken.is_new:
            await self._moved(taken.before, taken.region, who_in(tenant, live_class, user))
        return regions[taken.region]

    async def _moved(self, before: str, region: str, who: str) -> None:
        if before:
            await self.loads.gone(before, who)
        await self.loads.sent(region, who)

    def _ice_servers(self, relays: Region | None, tenant: str, user: int) -> list[IceServer]:
        stun = [IceServer(self.atlas.stun)] if self.atlas.stun else []
        if relays is None:
            return stun
        given = self.credentials.ice_server(relays.urls, tenant, user, self.clock.now())
        return [*stun, given]


def who_in(tenant: str, live_class: str, user: int) -> str:
    """One person's media in one class, as loads count them."""
    return f"{tenant}:{live_class}:{user}"
