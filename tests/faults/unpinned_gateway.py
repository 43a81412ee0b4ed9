"""A gateway that sends what is done to an attempt where its viewer's flags say, not where it is."""

from flags.decide import Decisions
from flags.names import ASSESSMENT_ATTEMPTS
from flags.route import pick
from gateway.attempts.sides import AttemptSides
from gateway.main import main
from resolvers.ports import Attempting


def by_flags(self: AttemptSides, decisions: Decisions) -> Attempting:
    return pick(decisions.side(ASSESSMENT_ATTEMPTS), legacy=self.legacy, service=self.service)


if __name__ == "__main__":
    AttemptSides.doing = by_flags  # type: ignore[assignment, method-assign]
    main()
