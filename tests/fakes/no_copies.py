"""Nothing is known of attempts but what their side says."""

from collections.abc import Sequence

from resolvers.ports import AttemptResult, Each
from services.contracts.assessment import Attempt
from services.contracts.ids import AttemptId
from services.kit.caller import Caller


class NoCopies:
    """The port Copies."""

    async def noted(self, caller: Caller, done: AttemptResult) -> AttemptResult:
        return done

    async def mended(
        self, caller: Caller, ids: Sequence[AttemptId], found: Each[Attempt]
    ) -> Each[Attempt]:
        return found
