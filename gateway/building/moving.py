"""What watches over the move from one side to the other: health, comparisons, and the status."""

from dataclasses import dataclass

from flags.client import Flags
from gateway.building.life import Run
from gateway.health import Health
from gateway.shadow.setup import Shadowing
from gateway.status.board import Board
from gateway.status.composing import Composer
from gateway.status.known import CountedErrors, DrillsOfHome, Incidents, Shadowed
from gateway.status.outbox import ServicesOutboxes
from gateway.status.routes import StatusPage
from gateway.status.sources import StatusSources
from gateway.strangling.setup import Strangling, metered, strangling_of
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.redis import AnyRedis
from services.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Moving:
    """`to_services` counts what it carries, right before the wire."""

    to_services: Transport
    strangling: Strangling
    shadowing: Shadowing
    board: Board

    def runs(self) -> list[Run]:
        return [self.strangling.rollback.run, self.shadowing.run, self.board.run]

    def page(self, health: Health) -> StatusPage:
        return StatusPage(self.board, health)


def moving_of(
    settings: Settings, flags: Flags, redis: AnyRedis, clock: Clock, to_services: Transport
) -> Moving:
    strangling = strangling_of(settings, flags, redis, clock)
    counted = metered(to_services, strangling.health, settings, clock)
    shadowing = Shadowing.of(settings, counted, redis, flags, clock, strangling.health)
    known = StatusSources(
        CountedErrors(strangling.rollback),
        Shadowed(shadowing.store),
        Incidents(strangling.rollback),
        DrillsOfHome(settings.home),
        ServicesOutboxes(settings, to_services, clock),
    )
    board = Board(Composer(flags, known, clock), clock)
    return Moving(counted, strangling, shadowing, board)
