"""Wires `banyan why`: on in development, and where a setting asks for it."""

from dataclasses import dataclass, field

from starlette.routing import BaseRoute

from gateway.building.life import Run
from gateway.sides import Sides
from gateway.why.files import WhyFiles
from gateway.why.route import WhyRoute
from gateway.why.whys import Whys
from services.kit.clock import Clock
from services.kit.settings import Profile, Settings, Whying


@dataclass(frozen=True, slots=True)
class Remembering:
    whys: Whys | None = None
    runs: list[Run] = field(default_factory=list)
    routes: list[BaseRoute] = field(default_factory=list)


def whys_of(settings: Settings, sides: Sides, clock: Clock) -> Remembering:
    """Told over HTTP in development alone."""
    is_development = settings.profile is Profile.DEVELOPMENT
    asked = settings.why
    if asked is Whying.OFF or (asked is Whying.AUTO and not is_development):
        return Remembering()
    whys = Whys(WhyFiles(settings.home), clock, sides.flags.decide)
    routes = WhyRoute(whys).routes() if is_development else []
    return Remembering(whys, [whys.run], [*routes])
