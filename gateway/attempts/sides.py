"""What a request gets for attempts: routed by the viewer's flags, and by where each began."""

from dataclasses import dataclass
from typing import Protocol

from flags.decide import Decisions
from flags.names import ASSESSMENT_ATTEMPTS, ASSESSMENT_READ, ASSESSMENT_SCORING, Side
from flags.pins import Pins
from flags.route import pick
from gateway.attempts.copies import Copies
from gateway.attempts.doing import RoutedAttempting
from gateway.attempts.reading import RoutedAttempts
from gateway.attempts.starting import NewSide, Starting
from gateway.attempts.supervising import RoutedSupervising
from resolvers.ports import Attempting, Attempts, Supervising


class AttemptsOfASide(Attempts, Attempting, Supervising, Protocol):
    """All that a side does with attempts."""


class AttemptsOfTheService(Attempts, NewSide, Supervising, Protocol):
    """The same, and which side somebody begins on."""


@dataclass(frozen=True, slots=True)
class AttemptSides:
    """`pins` remember for long what the service said of whom, `copies` what was last known.

    The old side's lists may be told by `lists`, and what is done there by `commands`: they have
    something to do beside.
    """

    legacy: AttemptsOfASide
    service: AttemptsOfTheService
    pins: Pins
    copies: Copies
    lists: Attempts | None = None
    commands: Attempting | None = None

    def reading(self, decisions: Decisions) -> RoutedAttempts:
        old: Attempts = self.lists or self.legacy
        lists: Attempts = pick(_whole(decisions), legacy=old, service=self.service)
        return RoutedAttempts(self.legacy, self.service, lists, self.copies)

    def doing(self, decisions: Decisions) -> RoutedAttempting:
        old: Attempting = self.commands or self.legacy
        starting = Starting(
            old,
            self.legacy,
            self.service,
            self.pins,
            wants_service=decisions.side(ASSESSMENT_ATTEMPTS) is Side.SERVICE,
            decimal=decisions.side(ASSESSMENT_SCORING) is Side.SERVICE,
        )
        return RoutedAttempting(old, self.service, starting, self.copies)

    def supervising(self, decisions: Decisions) -> RoutedSupervising:
        whole: Supervising = pick(_whole(decisions), legacy=self.legacy, service=self.service)
        return RoutedSupervising(self.legacy, self.service, whole)


def _whole(decisions: Decisions) -> Side:
    """Who begins on the service must find it in lists: it knows of the old side's too."""
    asked = {decisions.side(ASSESSMENT_READ), decisions.side(ASSESSMENT_ATTEMPTS)}
    return Side.SERVICE if Side.SERVICE in asked else Side.LEGACY
